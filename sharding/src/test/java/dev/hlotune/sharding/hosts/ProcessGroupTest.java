package dev.hlotune.sharding.hosts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.KeyValueStore;
import dev.hlotune.pjrt.PjrtException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Processes played by threads, each with a line of its own to a real coordinator. */
class ProcessGroupTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ProcessPlace place(int index, int count, int port, Duration timeout) {
    return new ProcessPlace(
        index,
        count,
        Optional.of(new HostPort("127.0.0.1", port)),
        OptionalInt.empty(),
        timeout,
        "test");
  }

  private static ProcessGroup join(int index, int count, int port, Duration timeout) {
    return ProcessGroup.join(place(index, count, port, timeout), Map.of(), _ -> {});
  }

  private <T> Future<T> start(Callable<T> action) {
    return threads.submit(action);
  }

  /** Does the same in each of several processes; what it gives, in their order. */
  private <T> List<T> each(int count, Function<ProcessGroup, T> action) {
    int port = freePort();
    List<CompletableFuture<T>> all =
        IntStream.range(0, count)
            .mapToObj(index ->
                CompletableFuture.supplyAsync(
                    () -> {
                      try (ProcessGroup group = join(index, count, port, LONG)) {
                        return action.apply(group);
                      }
                    },
                    threads))
            .toList();
    return all.stream().map(CompletableFuture::join).toList();
  }

  private static PjrtException fails(ErrorCode code, Executable call) {
    PjrtException failure = assertThrows(PjrtException.class, call);
    assertEquals(code, failure.code(), failure::toString);
    return failure;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What plugins do: each says what it has, and asks all others. */
  @Test
  void whatOneSaysAllHear() {
    int count = 5;
    List<List<String>> heard =
        each(
            count,
            group -> {
              KeyValueStore store = group.store("cuda");
              assertEquals(count, group.count());
              store.put(bytes("topology:" + group.index()), bytes("devices of " + group.index()));
              List<String> all = new ArrayList<>();
              for (int index = 0; index < count; index++) {
                all.add(
                    new String(
                        store.get(bytes("topology:" + index), LONG), StandardCharsets.UTF_8));
              }
              return all;
            });
    List<String> expected =
        IntStream.range(0, count).mapToObj(index -> "devices of " + index).toList();
    heard.forEach(list -> assertEquals(expected, list));
  }

  @Test
  void keysAndValuesAreAnyBytes() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    byte[] large = new byte[3 << 20];
    random.nextBytes(large);
    each(
        2,
        group -> {
          KeyValueStore store = group.store("a:/%2F?#é");
          if (group.isCoordinator()) {
            store.put(all, large);
            store.put(new byte[0], new byte[0]);
          }
          assertArrayEquals(large, store.get(all, LONG));
          assertArrayEquals(new byte[0], store.get(new byte[0], LONG));
          assertEquals(Optional.empty(), group.store("b").tryGet(all));
          return true;
        });
  }

  @Test
  void waitsNoLongerThanAsked() {
    each(
        2,
        group -> {
          KeyValueStore store = group.store("x");
          assertEquals(Optional.empty(), store.tryGet(bytes("k")));
          PjrtException failure =
              fails(ErrorCode.DEADLINE_EXCEEDED, () -> store.get(bytes("k"), SHORT));
          assertEquals(
              "processes: 'x/k': expected a value within 300 ms, got none (DEADLINE_EXCEEDED)",
              failure.getMessage());
          return true;
        });
  }

  @Test
  void aKeyHasOneValue() {
    each(
        2,
        group -> {
          KeyValueStore store = group.store("x");
          store.put(bytes("same"), bytes("1"));
          group.barrier("both", LONG);
          if (!group.isCoordinator()) {
            PjrtException failure =
                fails(ErrorCode.ALREADY_EXISTS, () -> store.put(bytes("same"), bytes("2")));
            assertTrue(failure.toString().contains("'x/same': expected one value"));
          }
          return true;
        });
  }

  @Test
  void barriersHoldAllAndMayBeUsedAgain() {
    List<Integer> order = new ArrayList<>();
    each(
        3,
        group -> {
          for (int round = 0; round < 20; round++) {
            synchronized (order) {
              order.add(round);
            }
            group.barrier("round", LONG);
          }
          return true;
        });
    // Nobody begins a round before all have ended the one before.
    assertEquals(order.stream().sorted().toList(), order);
    assertEquals(60, order.size());
  }

  @Test
  void theCoordinatorDecides() {
    List<String> decided =
        each(
            3,
            group -> {
              int own = group.index();
              byte[] first = group.decide("directory", () -> bytes("by " + own), LONG);
              byte[] second = group.decide("directory", () -> bytes("again " + own), LONG);
              return new String(first, StandardCharsets.UTF_8)
                  + ", "
                  + new String(second, StandardCharsets.UTF_8);
            });
    assertEquals(List.of("by 0, again 0", "by 0, again 0", "by 0, again 0"), decided);
  }

  @Test
  void oneProcessWaitsForNobody() {
    try (ProcessGroup group = ProcessGroup.alone()) {
      assertTrue(group.isCoordinator());
      group.barrier("start", SHORT);
      KeyValueStore store = group.store("x");
      store.put(bytes("k"), bytes("v"));
      assertArrayEquals(bytes("v"), store.get(bytes("k"), SHORT));
      assertArrayEquals(bytes("d"), group.decide("d", () -> bytes("d"), SHORT));
      fails(ErrorCode.DEADLINE_EXCEEDED, () -> store.get(bytes("other"), Duration.ofMillis(1)));
    }
  }

  @Test
  void namesThoseThatNeverCome() throws Exception {
    int port = freePort();
    Future<ProcessGroup> first = start(() -> join(0, 4, port, Duration.ofMillis(700)));
    Future<ProcessGroup> third = start(() -> join(2, 4, port, Duration.ofMillis(700)));
    for (Future<ProcessGroup> waiting : List.of(first, third)) {
      PjrtException failure = failure(waiting);
      assertTrue(
          failure.code() == ErrorCode.DEADLINE_EXCEEDED || failure.code() == ErrorCode.ABORTED,
          failure::toString);
    }
    // Whoever gives up first says whom it waited for.
    String messages = failure(first).getMessage() + failure(third).getMessage();
    assertTrue(
        messages.contains("expected all 4 processes within 700 ms")
            && messages.contains("got none of process 1 (never came), 3 (never came)"),
        messages);
  }

  private static PjrtException failure(Future<?> waiting) throws InterruptedException {
    try {
      waiting.get();
    } catch (ExecutionException failed) {
      return assertInstanceOf(PjrtException.class, failed.getCause());
    }
    throw new AssertionError("expected a failure, got none");
  }

  @Test
  void aCoordinatorThatIsLateIsWaitedFor() throws Exception {
    int port = freePort();
    Future<ProcessGroup> early = start(() -> join(1, 2, port, LONG));
    Thread.sleep(400);
    ProcessGroup late = join(0, 2, port, LONG);
    assertTrue(late.isCoordinator());
    assertEquals(1, early.get().index());
    part(early.get(), late);
  }

  @Test
  void aCoordinatorThatIsNowhereIsNamed() {
    int port = freePort();
    PjrtException failure = fails(ErrorCode.DEADLINE_EXCEEDED, () -> join(1, 2, port, SHORT));
    assertTrue(
        failure.toString().contains("expected process 0 at 127.0.0.1:" + port + " within 300 ms"),
        failure::toString);
    ProcessPlace nowhere =
        new ProcessPlace(
            1,
            2,
            Optional.of(new HostPort("no-such-host.invalid", 1)),
            OptionalInt.empty(),
            SHORT,
            "test");
    PjrtException unknown =
        fails(ErrorCode.DEADLINE_EXCEEDED, () -> ProcessGroup.join(nowhere, Map.of(), _ -> {}));
    assertTrue(unknown.toString().contains("a host name that nobody knows"), unknown::toString);
  }

  @Test
  void somethingElseAtTheAddressIsNamed() throws Exception {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    other.start();
    try (ServerSocket speaker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getAddress().getPort();
      PjrtException failure = fails(ErrorCode.FAILED_PRECONDITION, () -> join(1, 2, port, LONG));
      assertTrue(
          failure.toString().contains("got an answer of something else (HTTP status 404)"),
          failure::toString);
      Future<?> greeting =
          start(() -> {
            try (Socket socket = speaker.accept()) {
              socket.getOutputStream().write(bytes("SSH-2.0-OpenSSH_9.2\r\n"));
              socket.getInputStream().readNBytes(1);
            }
            return true;
          });
      PjrtException strange =
          fails(ErrorCode.FAILED_PRECONDITION, () -> join(1, 2, speaker.getLocalPort(), LONG));
      assertTrue(strange.toString().contains("something that is not HTTP"), strange::toString);
      greeting.get();
    } finally {
      other.stop(0);
    }
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      PjrtException failure =
          fails(ErrorCode.ALREADY_EXISTS, () -> join(0, 2, taken.getLocalPort(), LONG));
      assertTrue(
          failure
              .toString()
              .contains("expected port " + taken.getLocalPort() + " to be free, got one in use"),
          failure::toString);
    }
  }

  @Test
  void aNumberUsedTwiceIsNamed() throws Exception {
    int port = freePort();
    Future<ProcessGroup> first = start(() -> join(0, 3, port, LONG));
    List<CompletableFuture<ProcessGroup>> twice = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      twice.add(CompletableFuture.supplyAsync(() -> join(1, 3, port, LONG), threads));
    }
    // The later one ends at once; the other goes on waiting for process 2.
    CompletionException refused =
        assertThrows(
            CompletionException.class, CompletableFuture.anyOf(twice.get(0), twice.get(1))::join);
    PjrtException failure = assertInstanceOf(PjrtException.class, refused.getCause());
    assertEquals(ErrorCode.ALREADY_EXISTS, failure.code());
    assertTrue(
        failure.toString().contains("process_id: expected each number once, got 1 on "),
        failure::toString);
    ProcessGroup third = join(2, 3, port, LONG);
    part(twice.get(twice.get(0).isCompletedExceptionally() ? 1 : 0).get(), third, first.get());
  }

  /** Process 0 comes last: it waits for the others to leave. */
  private static void part(ProcessGroup... groups) {
    for (ProcessGroup group : groups) {
      group.close();
    }
  }

  @Test
  void aSecondCoordinatorElsewhereIsNamed() throws Exception {
    int port = freePort();
    Future<ProcessGroup> first = start(() -> join(0, 2, port, LONG));
    // Another host, played by another address of this one, on which the port is free.
    Map<String, String> elsewhere = Map.of(ProcessGroup.BIND, "127.0.0.2");
    PjrtException failure =
        fails(
            ErrorCode.ALREADY_EXISTS,
            () -> {
              while (!first.isDone() && !reachable(port)) {
                Thread.sleep(10);
              }
              ProcessGroup.join(place(0, 2, port, LONG), elsewhere, _ -> {}).close();
            });
    assertTrue(
        failure.toString().contains("expected each number once, got 0 on "), failure::toString);
    part(join(1, 2, port, LONG), first.get());
  }

  private static boolean reachable(int port) {
    try (Socket reached = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return reached.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  @Test
  void anotherCountIsNamed() throws Exception {
    int port = freePort();
    Future<ProcessGroup> first = start(() -> join(0, 2, port, LONG));
    PjrtException failure = fails(ErrorCode.FAILED_PRECONDITION, () -> join(1, 3, port, LONG));
    assertTrue(
        failure
            .toString()
            .contains("num_processes: expected 2, as process 0 says, got 3 of process 1 on "),
        failure::toString);
    part(join(1, 2, port, LONG), first.get());
  }

  @Test
  void strangersAreRefused() throws Exception {
    int port = freePort();
    Map<String, String> secret = Map.of(ProcessGroup.SECRET, "s3cret");
    Future<ProcessGroup> first =
        start(() -> ProcessGroup.join(place(0, 2, port, LONG), secret, _ -> {}));
    for (Map<String, String> wrong :
        List.of(Map.<String, String>of(), Map.of(ProcessGroup.SECRET, "guess"))) {
      PjrtException failure =
          fails(
              ErrorCode.UNAUTHENTICATED,
              () -> ProcessGroup.join(place(1, 2, port, LONG), wrong, _ -> {}));
      assertTrue(failure.toString().contains(ProcessGroup.SECRET), failure::toString);
    }
    part(ProcessGroup.join(place(1, 2, port, LONG), secret, _ -> {}), first.get());
  }

  @Test
  void whoWaitsForOneThatFailedIsTold() throws Exception {
    int port = freePort();
    CompletableFuture<String> told = new CompletableFuture<>();
    Future<ProcessGroup> first =
        start(() -> ProcessGroup.join(place(0, 3, port, LONG), Map.of(), told::complete));
    Future<ProcessGroup> second = start(() -> join(1, 3, port, LONG));
    ProcessGroup third = join(2, 3, port, LONG);
    Future<?> waiting =
        start(() -> {
          second.get().barrier("checkpoint", LONG);
          return true;
        });
    third.abandon("ended: out of memory");
    PjrtException failure = failure(waiting);
    assertEquals(ErrorCode.ABORTED, failure.code());
    assertTrue(
        failure.toString().contains("process 2 on ")
            && failure.toString().contains("ended: out of memory"),
        failure::toString);
    assertTrue(told.get().contains("ended: out of memory"), told.get());
    part(third, second.get(), first.get());
  }

  @Test
  void whoWaitsForOneThatIsDoneIsTold() throws Exception {
    int port = freePort();
    Future<ProcessGroup> first = start(() -> join(0, 2, port, LONG));
    join(1, 2, port, LONG).close();
    try (ProcessGroup waiting = first.get()) {
      PjrtException failure = fails(ErrorCode.ABORTED, () -> waiting.barrier("checkpoint", LONG));
      assertTrue(failure.toString().contains("has ended"), failure::toString);
    }
  }

  /** Many at once, as the threads of a plugin are. */
  @Test
  void anyThreadMayAsk() {
    each(
        2,
        group -> {
          KeyValueStore store = group.store("x");
          List<CompletableFuture<Void>> all = new ArrayList<>();
          for (int i = 0; i < 40; i++) {
            byte[] key = bytes("k" + i);
            boolean puts = i % 2 == group.index();
            all.add(
                CompletableFuture.runAsync(
                    () -> {
                      if (puts) {
                        store.put(key, key);
                      } else {
                        assertArrayEquals(key, store.get(key, LONG));
                      }
                    },
                    threads));
          }
          try {
            all.forEach(CompletableFuture::join);
          } catch (CompletionException failed) {
            throw new IllegalStateException(failed.getCause());
          }
          return true;
        });
  }
}
