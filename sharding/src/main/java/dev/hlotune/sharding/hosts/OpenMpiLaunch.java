package dev.hlotune.sharding.hosts;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code mpirun} of Open MPI tells the processes that it starts. */
final class OpenMpiLaunch {
  private static final int FIRST_PORT = 61_440;
  private static final int PORTS = 4_096;

  /** {@code 1531576320.0;tcp://10.96.0.1,10.148.0.1:34911} or {@code …;tcp6://[fe80::1]:43370}. */
  private static final Pattern URI =
      Pattern.compile("(\\d+)\\..*?(?:tcp://([^,:]+)[,:]|tcp6://\\[([^],]+)[],]).*");

  private OpenMpiLaunch() {}

  static Optional<Found> find(Variables variables) {
    if (!variables.has("OMPI_COMM_WORLD_SIZE") || !variables.has("OMPI_COMM_WORLD_RANK")) {
      return Optional.empty();
    }
    OptionalInt onHost = variables.number("OMPI_COMM_WORLD_LOCAL_SIZE");
    return Optional.of(
        new Found(
            "Open MPI",
            variables.text("OMPI_MCA_orte_hnp_uri").flatMap(OpenMpiLaunch::coordinator),
            variables.number("OMPI_COMM_WORLD_SIZE"),
            variables.number("OMPI_COMM_WORLD_RANK"),
            variables.localDevice(variables.number("OMPI_COMM_WORLD_LOCAL_RANK"), onHost),
            "give it: from version 5 on, Open MPI does not tell where it was started"));
  }

  /** Where mpirun runs, which is where process 0 does. */
  private static Optional<HostPort> coordinator(String uri) {
    Matcher matcher = URI.matcher(uri);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    // The number of a job is a multiple of 4,096, as JAX notes, which takes the port so.
    long job = Long.parseLong(matcher.group(1)) / PORTS;
    String host = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
    return Optional.of(new HostPort(host, FIRST_PORT + (int) (job % PORTS)));
  }
}
