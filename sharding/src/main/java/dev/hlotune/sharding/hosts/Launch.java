package dev.hlotune.sharding.hosts;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a recipe or a command line says of the processes of a run. What it leaves open is found in
 * the environment, by {@link LaunchDetection}.
 *
 * @param coordinatorAddress {@code host:port} of process 0, as {@code coordinator_address} spells
 *     it
 * @param numProcesses how many processes there are, as {@code num_processes} says
 * @param processId which of them this one is, from 0, as {@code process_id} says
 * @param timeout how long the processes wait for one another to start
 */
public record Launch(
    Optional<String> coordinatorAddress,
    OptionalInt numProcesses,
    OptionalInt processId,
    Duration timeout) {
  /** As long as JAX waits. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

  /** Nothing is said. */
  public static Launch open() {
    return new Launch(Optional.empty(), OptionalInt.empty(), OptionalInt.empty(), DEFAULT_TIMEOUT);
  }
}
