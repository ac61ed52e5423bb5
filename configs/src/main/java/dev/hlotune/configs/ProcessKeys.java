package dev.hlotune.configs;

/** The keys of runs of several processes. */
final class ProcessKeys {
  private ProcessKeys() {}

  static final Key<CoordinatorAddress> COORDINATOR =
      Key.optional(
          "coordinator_address",
          new AddressType(),
          "Where the first of several processes listens for the others. Without it, what the"
              + " launcher's environment says (Slurm, Kubernetes, TPU machines), else a run is one"
              + " process.");

  static final Key<Integer> COUNT =
      Key.optional(
          "num_processes",
          WholeNumber.atLeast(1),
          "Beside 'coordinator_address': how many processes the run is of, one for each machine."
              + " Without it, as that key says.");

  static final Key<Integer> ID =
      Key.optional(
          "process_id",
          WholeNumber.atLeast(0),
          "Beside 'coordinator_address': which of them this one is, from 0, which listens there."
              + " Without it, as that key says.");

  static final Key<Integer> TIMEOUT =
      Key.preset(
          "coordinator_timeout",
          WholeNumber.atLeast(1),
          300,
          "Seconds that processes wait for one another at the start.");
}
