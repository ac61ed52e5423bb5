package dev.hlotune.sharding.hosts;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What GKE tells the workers of a TPU slice, or of several slices that work together. A TPU machine
 * outside of GKE learns it from a metadata server, which is not asked.
 */
final class TpuLaunch {
  /** The port that JAX takes. */
  private static final int PORT = 8_482;

  private TpuLaunch() {}

  static Optional<Found> find(Variables variables) {
    Optional<String> list =
        variables.text("TPU_PROCESS_ADDRESSES").or(() -> variables.text("TPU_WORKER_HOSTNAMES"));
    if (list.isEmpty() || !variables.has("TPU_WORKER_ID")) {
      return Optional.empty();
    }
    List<String> workers = List.of(list.get().split("\\s*,\\s*", -1));
    OptionalInt worker = variables.number("TPU_WORKER_ID");
    int slices = variables.number("MEGASCALE_NUM_SLICES").orElse(1);
    int slice = variables.number("MEGASCALE_SLICE_ID").orElse(0);
    String first = variables.text("MEGASCALE_COORDINATOR_ADDRESS").orElseGet(workers::getFirst);
    return Optional.of(
        new Found(
            "GKE's TPU workers",
            HostPort.parse(first)
                .map(HostPort::host)
                .or(() -> Optional.of(first).filter(host -> !host.isBlank()))
                .map(host -> new HostPort(host, PORT)),
            OptionalInt.of(workers.size() * Math.max(1, slices)),
            worker.isEmpty() ? worker : OptionalInt.of(worker.getAsInt() + slice * workers.size()),
            OptionalInt.empty(),
            "give it"));
  }
}
