package dev.hlotune.sharding.hosts;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A process among those of its run.
 *
 * @param index which it is, from 0
 * @param count how many there are
 * @param coordinator where process 0 is found; nothing where there is but one process
 * @param localDevice the one device of its host that it uses, by number, where the host's devices
 *     are shared out among several processes; nothing where it uses all that it sees
 * @param timeout how long the processes wait for one another to start
 * @param source how all that is known, for logs and messages: {@code Slurm}
 */
public record ProcessPlace(
    int index,
    int count,
    Optional<HostPort> coordinator,
    OptionalInt localDevice,
    Duration timeout,
    String source) {
  /** Checks that the parts go together. */
  public ProcessPlace {
    if (count < 1 || index < 0 || index >= count) {
      throw new IllegalArgumentException(
          "process: expected a number from 0, below that of all processes, got "
              + index
              + " of "
              + count);
    }
    if (count > 1 && coordinator.isEmpty()) {
      throw new IllegalArgumentException(
          "process: expected the coordinator's address for " + count + " processes, got none");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "process: expected a time-out over 0, got " + timeout.toMillis() + " ms");
    }
  }

  /** A process that has no others. */
  public static ProcessPlace alone() {
    return new ProcessPlace(
        0, 1, Optional.empty(), OptionalInt.empty(), Launch.DEFAULT_TIMEOUT, "one process");
  }

  /** Such as {@code process 1 of 4 (Slurm), coordinator node7:61440}. */
  @Override
  public String toString() {
    return "process "
        + index
        + " of "
        + count
        + " ("
        + source
        + ")"
        + coordinator.map(address -> ", coordinator " + address).orElse("");
  }
}
