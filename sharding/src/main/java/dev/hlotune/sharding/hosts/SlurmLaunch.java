package dev.hlotune.sharding.hosts;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code srun} tells the tasks of a step. A batch script outside of {@code srun} is no task of
 * a step and stands alone.
 */
final class SlurmLaunch {
  private static final int FIRST_PORT = 61_440;
  private static final int PORTS = 4_096;

  /** {@code 3}, or {@code 4(x2)} for two hosts with four each. */
  private static final Pattern TASKS = Pattern.compile("(\\d{1,6})(?:\\(x(\\d{1,6})\\))?");

  private SlurmLaunch() {}

  static Optional<Found> find(Variables variables) {
    if (!variables.has("SLURM_JOB_ID")
        || !variables.has("SLURM_STEP_NODELIST")
        || !variables.has("SLURM_PROCID")) {
      return Optional.empty();
    }
    OptionalInt step = variables.number("SLURM_STEP_NUM_TASKS");
    OptionalInt count = step.isPresent() ? step : variables.number("SLURM_NTASKS");
    OptionalInt job = variables.number("SLURM_JOB_ID");
    Optional<HostPort> coordinator =
        job.isEmpty()
            ? Optional.empty()
            // The port that JAX takes: jobs that share a host seldom share it.
            : Optional.of(
                new HostPort(
                    firstHost(variables.text("SLURM_STEP_NODELIST").orElseThrow()),
                    FIRST_PORT + job.getAsInt() % PORTS));
    return Optional.of(
        new Found(
            "Slurm",
            coordinator,
            count,
            variables.number("SLURM_PROCID"),
            variables.localDevice(variables.number("SLURM_LOCALID"), tasksHere(variables)),
            "start by srun"));
  }

  /**
   * The first of {@code node7,node9}, {@code node[001-015,020],gpu1} or {@code rack[1-2]n[3-4]}.
   */
  static String firstHost(String list) {
    StringBuilder host = new StringBuilder();
    boolean skipping = false;
    boolean bracket = false;
    for (int at = 0; at < list.length(); at++) {
      char c = list.charAt(at);
      if (c == '[') {
        bracket = true;
      } else if (c == ']') {
        bracket = false;
        skipping = false;
      } else if (bracket && (c == ',' || c == '-')) {
        skipping = true;
      } else if (!bracket && c == ',') {
        break;
      } else if (!skipping) {
        host.append(c);
      }
    }
    return host.toString();
  }

  /** Tasks on this host: the entry of {@code 4(x2),3} for the host's number in the step. */
  private static OptionalInt tasksHere(Variables variables) {
    Optional<String> list = variables.text("SLURM_STEP_TASKS_PER_NODE");
    OptionalInt node = variables.number("SLURM_NODEID");
    if (list.isEmpty() || node.isEmpty()) {
      return OptionalInt.empty();
    }
    int before = 0;
    for (String entry : list.get().split(",", -1)) {
      Matcher matcher = TASKS.matcher(entry);
      if (!matcher.matches()) {
        variables
            .problems()
            .add("SLURM_STEP_TASKS_PER_NODE: expected counts such as 4(x2), got '" + entry + "'");
        return OptionalInt.empty();
      }
      before += matcher.group(2) == null ? 1 : Integer.parseInt(matcher.group(2));
      if (node.getAsInt() < before) {
        return OptionalInt.of(Integer.parseInt(matcher.group(1)));
      }
    }
    return OptionalInt.empty();
  }
}
