package dev.hlotune.sharding.hosts;

import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.PjrtException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of a run share, in the memory of the coordinator: values, barriers, and who is
 * there. Safe for use by many threads.
 */
final class Board {
  /** Larger than anything that plugins exchange, small enough that nobody fills the memory. */
  private static final long MOST_BYTES = 1L << 30;

  /**
   * A process that has come.
   *
   * @param token what it chose at random, which tells it from another of the same number
   * @param host where it runs, as it says itself
   * @param heard when it was last heard of, in nanoseconds
   * @param fate how it went; nothing while it is there
   */
  private record Member(String token, String host, long heard, Optional<Fate> fate) {
    Member heardAt(long now) {
      return new Member(token, host, now, fate);
    }

    Member gone(Fate how) {
      return new Member(token, host, heard, Optional.of(how));
    }
  }

  /**
   * How a process went.
   *
   * @param failed whether the others cannot go on
   * @param why completes "process 1 …"
   */
  private record Fate(boolean failed, String why) {}

  private final int count;
  private final Duration silence;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<ByteBuffer, byte[]> values = new HashMap<>();
  private final Map<String, BitSet> barriers = new HashMap<>();
  private final @Nullable Member[] members;
  private long bytes;

  /**
   * An empty board.
   *
   * @param count how many processes there are
   * @param silence how long nothing is heard of a process until it counts as lost
   */
  Board(int count, Duration silence) {
    this.count = count;
    this.silence = silence;
    this.members = new Member[count];
  }

  int count() {
    return count;
  }

  /**
   * A process comes. Coming again is fine.
   *
   * @throws PjrtException if it thinks of another number of processes, or another has its number
   */
  void join(int index, int its, String token, String host) {
    locked(() -> {
      if (its != count) {
        throw Failures.of(
            ErrorCode.FAILED_PRECONDITION,
            "num_processes: expected "
                + count
                + ", as process 0 says, got "
                + its
                + " of process "
                + index
                + " on "
                + host);
      }
      Member known = index < 0 || index >= count ? null : members[index];
      if (index < 0 || index >= count) {
        throw Failures.of(
            ErrorCode.OUT_OF_RANGE,
            "process_id: expected 0 to " + (count - 1) + ", got " + index + " on " + host);
      }
      if (known != null && !known.token().equals(token)) {
        throw Failures.of(
            ErrorCode.ALREADY_EXISTS,
            "process_id: expected each number once, got "
                + index
                + " on "
                + known.host()
                + " and on "
                + host);
      }
      if (known == null) {
        members[index] = new Member(token, host, System.nanoTime(), Optional.empty());
        changed.signalAll();
      }
      return true;
    });
  }

  /**
   * A process shows that it is there.
   *
   * @throws PjrtException if it is not the one that came by that number
   */
  void heard(int index, String token) {
    locked(() -> {
      Member member = index < 0 || index >= count ? null : members[index];
      if (member == null || !member.token().equals(token)) {
        throw Failures.of(
            ErrorCode.FAILED_PRECONDITION,
            "process " + index + ": expected one that has joined this run, got another");
      }
      members[index] = member.heardAt(System.nanoTime());
      return true;
    });
  }

  /** Why the others cannot go on, if that is so within the time. */
  Optional<String> failure(Duration wait) {
    return locked(() -> {
      await(wait, () -> failure().isPresent());
      return failure();
    });
  }

  /**
   * A process goes.
   *
   * @param failed whether the others cannot go on without it
   * @param why completes "process 1 …"
   */
  void leave(int index, boolean failed, String why) {
    locked(() -> {
      Member member = members[index];
      if (member != null && member.fate().isEmpty()) {
        members[index] = member.gone(new Fate(failed, why));
        changed.signalAll();
      }
      return true;
    });
  }

  /**
   * Sets a value.
   *
   * @throws PjrtException if the key has another, or there are too many
   */
  void put(byte[] key, byte[] value) {
    locked(() -> {
      byte[] before = values.get(ByteBuffer.wrap(key));
      if (before != null && !Arrays.equals(before, value)) {
        throw Failures.of(
            ErrorCode.ALREADY_EXISTS,
            "'" + Failures.text(key) + "': expected one value for each key, got another");
      }
      if (before == null) {
        long size = (long) key.length + value.length;
        if (bytes + size > MOST_BYTES) {
          throw Failures.of(
              ErrorCode.RESOURCE_EXHAUSTED,
              "expected at most " + MOST_BYTES + " bytes of shared values, got more");
        }
        bytes += size;
        values.put(ByteBuffer.wrap(key.clone()), value.clone());
        changed.signalAll();
      }
      return true;
    });
  }

  /** A value, or nothing if it is not set within the time. */
  Optional<byte[]> get(byte[] key, Duration wait) {
    ByteBuffer wanted = ByteBuffer.wrap(key);
    return locked(() -> {
      await(wait, () -> values.containsKey(wanted));
      return Optional.ofNullable(values.get(wanted)).map(byte[]::clone);
    });
  }

  /**
   * A process reaches a barrier, and waits there a while.
   *
   * @param name of the barrier, which serves once
   * @return who has not reached it, empty when all have
   * @throws PjrtException if one of those will not come any more
   */
  List<Integer> arrive(String name, int index, Duration wait) {
    return locked(() -> {
      BitSet there = barriers.computeIfAbsent(name, _ -> new BitSet());
      if (!there.get(index)) {
        there.set(index);
        changed.signalAll();
      }
      await(wait, () -> there.cardinality() == count || gone(there).isPresent());
      // All have come: nobody is missing, however they went afterwards.
      Optional<String> gone = there.cardinality() == count ? Optional.empty() : gone(there);
      if (gone.isPresent()) {
        throw Failures.of(
            ErrorCode.ABORTED,
            "barrier '" + name + "': expected all processes, got the end of one: " + gone.get());
      }
      return IntStream.range(0, count).filter(i -> !there.get(i)).boxed().toList();
    });
  }

  /** Processes as messages name them: by number, and by host where they have been here. */
  String names(List<Integer> indices) {
    return locked(() ->
        String.join(
            ", ",
            indices.stream()
                .map(index -> {
                  Member member = members[index];
                  return member == null
                      ? index + " (never came)"
                      : index + " (" + member.host() + ")";
                })
                .toList()));
  }

  /** Waits until all but one process have gone. */
  boolean awaitAllGoneBut(int index, Duration wait) {
    return locked(() ->
        await(
            wait,
            () ->
                IntStream.range(0, count)
                    .filter(i -> i != index)
                    .allMatch(i -> {
                      Member member = members[i];
                      return member == null || member.fate().isPresent() || isSilent(member);
                    })));
  }

  /** Why the others cannot go on, if that is so. */
  private Optional<String> failure() {
    for (int index = 0; index < count; index++) {
      Member member = members[index];
      if (member != null && member.fate().filter(Fate::failed).isPresent()) {
        return Optional.of(describe(index, member, member.fate().get().why()));
      }
      if (member != null && member.fate().isEmpty() && isSilent(member)) {
        return Optional.of(describe(index, member, lost()));
      }
    }
    return Optional.empty();
  }

  /** Why one that is not there will not come. */
  private Optional<String> gone(BitSet there) {
    for (int index = 0; index < count; index++) {
      Member member = members[index];
      if (!there.get(index) && member != null && member.fate().isPresent()) {
        return Optional.of(describe(index, member, member.fate().get().why()));
      }
      if (!there.get(index) && member != null && isSilent(member)) {
        return Optional.of(describe(index, member, lost()));
      }
    }
    return Optional.empty();
  }

  private String lost() {
    return "was not heard of for " + silence.toSeconds() + " s";
  }

  private static String describe(int index, Member member, String why) {
    return "process " + index + " on " + member.host() + " " + why;
  }

  private boolean isSilent(Member member) {
    return System.nanoTime() - member.heard() > silence.toNanos();
  }

  /** Waits, with the lock, for something to become true; whether it did. */
  private boolean await(Duration wait, BooleanSupplier condition) {
    long end = System.nanoTime() + wait.toNanos();
    while (!condition.getAsBoolean()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      try {
        // Silence makes no signal: look again now and then.
        changed.await(Math.min(left, TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS);
      } catch (InterruptedException stop) {
        throw Failures.interrupted(stop);
      }
    }
    return true;
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
