package dev.hlotune.sharding.hosts;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What Kubernetes tells the pods of an Indexed Job, and what a manifest of a JobSet can hand on.
 * How many pods there are it tells nobody; a manifest says so by {@code HLOTUNE_NUM_PROCESSES}.
 */
final class KubernetesLaunch {
  /** The port that JAX takes. */
  private static final int PORT = 55_527;

  private KubernetesLaunch() {}

  static Optional<Found> find(Variables variables) {
    if (!variables.has("KUBERNETES_SERVICE_HOST") || !variables.has("JOB_COMPLETION_INDEX")) {
      return Optional.empty();
    }
    OptionalInt index = variables.number("JOB_COMPLETION_INDEX");
    return Optional.of(
        new Found(
            "Kubernetes",
            index.isEmpty() ? Optional.empty() : coordinator(variables, index.getAsInt()),
            OptionalInt.empty(),
            index,
            OptionalInt.empty(),
            "set it by HLOTUNE_COORDINATOR_ADDRESS or, in a JobSet, by JOBSET_NAME in the manifest"));
  }

  /** Pods of an Indexed Job are named by job and index; those of a JobSet lie in its subdomain. */
  private static Optional<HostPort> coordinator(Variables variables, int index) {
    String ending = "-" + index;
    return variables
        .text("HOSTNAME")
        .filter(name -> name.endsWith(ending) && name.length() > ending.length())
        .map(name -> name.substring(0, name.length() - ending.length()))
        .flatMap(
            job -> variables.text("JOBSET_NAME").map(set -> new HostPort(job + "-0." + set, PORT)));
  }
}
