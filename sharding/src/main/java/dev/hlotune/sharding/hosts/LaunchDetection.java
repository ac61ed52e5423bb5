package dev.hlotune.sharding.hosts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * Finds a process's place among those of its run. What is given goes first, then the variables
 * {@code HLOTUNE_COORDINATOR_ADDRESS}, {@code HLOTUNE_NUM_PROCESSES} and {@code
 * HLOTUNE_PROCESS_ID}, then the first launcher that left its variables: Open MPI, GKE's TPU
 * workers, Kubernetes, Slurm. Those that start others inside of them come first. Where nobody says
 * anything, the process is alone.
 *
 * <p>Variables, ports and the way to the coordinator are those of JAX's {@code
 * jax.distributed.initialize}.
 */
public final class LaunchDetection {
  /** The coordinator's address. */
  public static final String ADDRESS = "HLOTUNE_COORDINATOR_ADDRESS";

  /** How many processes there are. */
  public static final String COUNT = "HLOTUNE_NUM_PROCESSES";

  /** Which this one is. */
  public static final String INDEX = "HLOTUNE_PROCESS_ID";

  private static final List<Function<Variables, Optional<Found>>> LAUNCHERS =
      List.of(OpenMpiLaunch::find, TpuLaunch::find, KubernetesLaunch::find, SlurmLaunch::find);

  private LaunchDetection() {}

  /**
   * What was found.
   *
   * @param place the process's place; nothing where there are problems
   * @param problems why there is none, all of them, each of the form {@code what: expected …, got
   *     …}
   * @param notes what was said twice and differently, and which was taken
   */
  public record Detected(Optional<ProcessPlace> place, List<String> problems, List<String> notes) {
    /** Copies the lists. */
    public Detected {
      problems = List.copyOf(problems);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Finds the place of this process.
   *
   * @param given what a recipe or a command line says
   * @param environment variables by name
   */
  public static Detected of(Launch given, Map<String, String> environment) {
    List<String> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    Variables variables = new Variables(environment, problems);
    Launch said = said(given, variables, notes);
    Optional<HostPort> address = said.coordinatorAddress().flatMap(HostPort::parse);
    if (said.coordinatorAddress().isPresent() && address.isEmpty()) {
      problems.add(
          "coordinator_address: expected HOST:PORT, got '" + said.coordinatorAddress().get() + "'");
    }
    if (said.timeout().isNegative() || said.timeout().isZero()) {
      problems.add(
          "coordinator_timeout: expected a time over 0, got " + said.timeout().toSeconds() + " s");
    }
    boolean complete =
        address.isPresent() && said.numProcesses().isPresent() && said.processId().isPresent();
    boolean single = said.numProcesses().orElse(0) == 1;
    Optional<Found> found =
        complete || single ? Optional.empty() : launcher(variables, said, notes);
    OptionalInt count = or(said.numProcesses(), found.map(Found::count));
    OptionalInt index = or(said.processId(), found.map(Found::index));
    address = address.or(() -> found.flatMap(Found::coordinator));
    boolean asked =
        said.coordinatorAddress().isPresent()
            || said.numProcesses().isPresent()
            || said.processId().isPresent();
    if (count.isEmpty() && !asked) {
      // Kubernetes' indexed jobs are used for much else too; without a count they are not ours.
      return problems.isEmpty() ? alone(notes) : new Detected(Optional.empty(), problems, notes);
    }
    String source = found.map(Found::launcher).orElse("as given");
    check(said, count, index, address, found, problems);
    if (!problems.isEmpty()) {
      return new Detected(Optional.empty(), problems, notes);
    }
    if (count.orElseThrow() == 1) {
      return alone(notes);
    }
    return new Detected(
        Optional.of(
            new ProcessPlace(
                index.orElseThrow(),
                count.orElseThrow(),
                address,
                found.map(Found::localDevice).orElse(OptionalInt.empty()),
                said.timeout(),
                source)),
        problems,
        notes);
  }

  private static Detected alone(List<String> notes) {
    return new Detected(Optional.of(ProcessPlace.alone()), List.of(), notes);
  }

  /** What is given, and what our own variables say where it is silent. */
  private static Launch said(Launch given, Variables variables, List<String> notes) {
    Optional<String> address = variables.text(ADDRESS);
    OptionalInt count = variables.number(COUNT);
    OptionalInt index = variables.number(INDEX);
    differs("coordinator_address", given.coordinatorAddress(), address, ADDRESS, notes);
    differs("num_processes", boxed(given.numProcesses()), boxed(count), COUNT, notes);
    differs("process_id", boxed(given.processId()), boxed(index), INDEX, notes);
    return new Launch(
        given.coordinatorAddress().or(() -> address),
        or(given.numProcesses(), Optional.of(count)),
        or(given.processId(), Optional.of(index)),
        given.timeout());
  }

  /** The first launcher; what the others say is noted where it is something else. */
  private static Optional<Found> launcher(Variables variables, Launch said, List<String> notes) {
    List<Found> all =
        LAUNCHERS.stream().map(find -> find.apply(variables)).flatMap(Optional::stream).toList();
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Found first = all.getFirst();
    for (Found other : all.subList(1, all.size())) {
      differs("num_processes", boxed(first.count()), boxed(other.count()), other.launcher(), notes);
      differs("process_id", boxed(first.index()), boxed(other.index()), other.launcher(), notes);
    }
    differs(
        "num_processes", boxed(said.numProcesses()), boxed(first.count()), first.launcher(), notes);
    differs("process_id", boxed(said.processId()), boxed(first.index()), first.launcher(), notes);
    return Optional.of(first);
  }

  private static void check(
      Launch said,
      OptionalInt count,
      OptionalInt index,
      Optional<HostPort> address,
      Optional<Found> found,
      List<String> problems) {
    String elsewhere =
        found
            .map(Found::hint)
            .orElse("give it, or start by Slurm, Kubernetes, Open MPI or GKE, which say so");
    if (count.isEmpty()) {
      problems.add("num_processes: expected how many processes there are, got none; " + elsewhere);
    } else if (count.getAsInt() < 1) {
      problems.add("num_processes: expected 1 or more, got " + count.getAsInt());
    }
    int last = count.orElse(0) - 1;
    if (index.isEmpty() && last != 0) {
      problems.add("process_id: expected which process this is, got none; " + elsewhere);
    } else if (last >= 0 && (index.orElse(0) < 0 || index.orElse(0) > last)) {
      problems.add("process_id: expected 0 to " + last + ", got " + index.orElse(0));
    }
    if (last > 0 && address.isEmpty() && said.coordinatorAddress().isEmpty()) {
      problems.add("coordinator_address: expected HOST:PORT of process 0, got none; " + elsewhere);
    }
  }

  private static <T> void differs(
      String key, Optional<T> taken, Optional<T> other, String where, List<String> notes) {
    if (taken.isPresent() && other.isPresent() && !taken.equals(other)) {
      notes.add(key + ": " + taken.get() + " is taken, not " + other.get() + " of " + where);
    }
  }

  private static Optional<Integer> boxed(OptionalInt number) {
    return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
  }

  private static OptionalInt or(OptionalInt first, Optional<OptionalInt> second) {
    return first.isPresent() ? first : second.orElse(OptionalInt.empty());
  }
}
