package dev.hlotune.sharding.hosts;

import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.KeyValueStore;
import dev.hlotune.pjrt.PjrtException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a run, as one of them sees them. All make one at the same time, do the same
 * things with it in the same order, and close it. Safe for use by many threads.
 *
 * <p>A process that has no others has a group too, which waits for nobody.
 */
public final class ProcessGroup implements AutoCloseable {
  /** The variable that holds what keeps strangers out; every process has the same, or none. */
  public static final String SECRET = "HLOTUNE_COORDINATOR_SECRET";

  /** The variable that names the address of process 0's host on which it listens. */
  public static final String BIND = "HLOTUNE_COORDINATOR_BIND_ADDRESS";

  /** How often a process says that it is there. */
  private static final Duration BEAT = Duration.ofSeconds(5);

  /** How long it may say nothing; as JAX has it. */
  private static final Duration SILENCE = Duration.ofSeconds(100);

  private final ProcessPlace place;
  private final KeyValueStore values;
  private final @Nullable Board board;
  private final @Nullable Coordinator coordinator;
  private final @Nullable CoordinatorClient client;
  private final @Nullable Thread heart;
  private final Consumer<String> lost;
  private final Map<String, Integer> uses = new HashMap<>();
  private volatile boolean closed;

  private ProcessGroup(
      ProcessPlace place,
      KeyValueStore values,
      @Nullable Board board,
      @Nullable Coordinator coordinator,
      @Nullable CoordinatorClient client,
      Consumer<String> lost) {
    this.place = place;
    this.values = values;
    this.board = board;
    this.coordinator = coordinator;
    this.client = client;
    this.lost = lost;
    this.heart =
        client == null
            ? null
            : Thread.ofPlatform().daemon().name("hlotune-processes").unstarted(() -> beat(client));
  }

  /** The group of a process that has no others. */
  public static ProcessGroup alone() {
    return join(ProcessPlace.alone(), Map.of(), _ -> {});
  }

  /**
   * Brings the processes of a run together: opens the coordinator in process 0, and waits until all
   * have come.
   *
   * @param place of this process
   * @param environment may hold {@link #SECRET} and {@link #BIND}
   * @param lost told once, on a thread of the group's own, why the run cannot go on: another
   *     process failed, or is not heard of any more. Whoever waits for a device at that time waits
   *     for ever
   * @throws PjrtException {@code DEADLINE_EXCEEDED} with the processes that have not come in time,
   *     {@code ALREADY_EXISTS} for a port that is taken or a number that is used twice, {@code
   *     FAILED_PRECONDITION} for an address of something else or another number of processes
   */
  public static ProcessGroup join(
      ProcessPlace place, Map<String, String> environment, Consumer<String> lost) {
    if (place.count() == 1) {
      Board own = new Board(1, SILENCE);
      return new ProcessGroup(place, new OwnValues(own), own, null, null, lost);
    }
    Optional<String> secret =
        Optional.ofNullable(environment.get(SECRET)).filter(text -> !text.isBlank());
    String token = UUID.randomUUID().toString();
    String identity = UUID.randomUUID().toString();
    Board board = place.index() == 0 ? new Board(place.count(), SILENCE) : null;
    Coordinator coordinator = null;
    if (board != null) {
      // Its own number is taken before anybody can come.
      board.join(0, place.count(), token, hostName());
      coordinator = Coordinator.open(bind(place, environment), board, secret, identity);
    }
    CoordinatorClient client = new CoordinatorClient(place, token, secret);
    ProcessGroup group = new ProcessGroup(place, client, board, coordinator, client, lost);
    try {
      long start = System.nanoTime();
      String answers = client.join(hostName());
      if (coordinator != null && !answers.equals(identity)) {
        throw Failures.of(
            ErrorCode.FAILED_PRECONDITION,
            "coordinator_address: expected this host's own, as this is process 0, got "
                + place.coordinator().orElseThrow()
                + ", where another coordinator is");
      }
      group.start();
      client.barrier("start", start + place.timeout().toNanos(), place.timeout());
      return group;
    } catch (RuntimeException failure) {
      group.abandon("gave up at the start");
      throw failure;
    }
  }

  private void start() {
    if (heart != null) {
      heart.start();
    }
  }

  /**
   * Where process 0 listens: everywhere, unless it was told, or the address is of this host alone.
   */
  private static InetSocketAddress bind(ProcessPlace place, Map<String, String> environment) {
    HostPort address = place.coordinator().orElseThrow();
    String host = environment.getOrDefault(BIND, "").strip();
    if (host.isEmpty()) {
      return Coordinator.isLoopback(address.host())
          ? new InetSocketAddress(address.host(), address.port())
          : new InetSocketAddress(address.port());
    }
    InetSocketAddress bind = new InetSocketAddress(host, address.port());
    if (bind.isUnresolved()) {
      throw Failures.of(
          ErrorCode.INVALID_ARGUMENT,
          BIND + ": expected an address of this host, got '" + host + "'");
    }
    return bind;
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException unnamed) {
      return "a host without a name";
    }
  }

  /** Which process this is, from 0. */
  public int index() {
    return place.index();
  }

  /** How many processes there are. */
  public int count() {
    return place.count();
  }

  /** Whether this is process 0, which writes what is written once. */
  public boolean isCoordinator() {
    return place.index() == 0;
  }

  /** The name of this host, as messages of other processes have it. */
  public String host() {
    return hostName();
  }

  /** Where this process stands. */
  public ProcessPlace place() {
    return place;
  }

  /**
   * The values that all processes share, under a prefix that keeps them apart from others.
   *
   * @param prefix the same in all processes; each client of a plugin needs one of its own
   */
  public KeyValueStore store(String prefix) {
    return new PrefixedValues(values, (prefix + "/").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Waits until all processes are here.
   *
   * @param name what for, for messages; the same in all processes. It may be used again
   * @throws PjrtException {@code DEADLINE_EXCEEDED} with the processes that have not come in time,
   *     {@code ABORTED} with one that will not come
   */
  public void barrier(String name, Duration timeout) {
    CoordinatorClient line = client;
    if (line != null) {
      line.barrier(numbered(name), System.nanoTime() + timeout.toNanos(), timeout);
    }
  }

  /**
   * Lets process 0 decide, and gives what it decided in all processes.
   *
   * @param name what it is about; the same in all processes. It may be used again
   * @param decide called in process 0 alone
   * @throws PjrtException {@code DEADLINE_EXCEEDED} if process 0 does not in time
   */
  public byte[] decide(String name, Supplier<byte[]> decide, Duration timeout) {
    byte[] key = ("decide/" + numbered("decide/" + name)).getBytes(StandardCharsets.UTF_8);
    if (isCoordinator()) {
      byte[] decided = decide.get();
      values.put(key, decided);
      return decided;
    }
    return values.get(key, timeout);
  }

  /** A name that is used again is another one each time: all processes count alike. */
  private String numbered(String name) {
    synchronized (uses) {
      int use = uses.merge(name, 1, Integer::sum);
      return use == 1 ? name : name + " " + use;
    }
  }

  private void beat(CoordinatorClient line) {
    try {
      while (!closed) {
        Optional<String> failure = line.beat(BEAT);
        if (failure.isPresent()) {
          tell(failure.get());
          return;
        }
      }
    } catch (PjrtException failure) {
      tell(Failures.message(failure));
    }
  }

  private void tell(String why) {
    if (!closed) {
      lost.accept(why);
    }
  }

  /**
   * Leaves the run so that the others cannot go on, and are told so.
   *
   * @param why completes "process 1 …", such as {@code ended: out of memory}
   */
  public void abandon(String why) {
    close(true, why);
  }

  /**
   * Leaves the run, which has ended. Process 0 waits for the others to leave, as they may still ask
   * for something.
   */
  @Override
  public void close() {
    close(false, "has ended");
  }

  private void close(boolean failed, String why) {
    if (closed) {
      return;
    }
    closed = true;
    if (heart != null) {
      heart.interrupt();
    }
    if (board != null && coordinator != null) {
      board.leave(0, failed, why);
      // Those that wait here hear of a failure with their next breath, which is one beat at most.
      board.awaitAllGoneBut(0, failed ? BEAT.multipliedBy(2) : place.timeout());
      coordinator.close();
    } else if (client != null) {
      client.leave(failed, why);
    }
    if (client != null) {
      client.close();
    }
  }

  @Override
  public String toString() {
    return place.toString();
  }
}
