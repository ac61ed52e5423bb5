package dev.hlotune.trainer.plan;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run of a recipe would take on devices that need not be there.
 *
 * @param target as the command line takes it
 * @param card what each device is, by name
 * @param devices how many
 * @param mesh their number along each axis
 * @param strategy what is spread over them; empty for one device
 * @param memory bytes of each device
 * @param budget bytes of it that a run can have
 * @param plugin what compiled, with its version
 * @param weights how many numbers the model has
 * @param trained how many of them are trained
 * @param programs all of the recipe's
 * @param largest the largest micro-batch that fits, where it was searched and there is one
 * @param remedies where it does not fit, what to change, in order
 * @param notes what the figures rest on
 */
public record Plan(
    String target,
    String card,
    int devices,
    Map<String, Integer> mesh,
    String strategy,
    long memory,
    long budget,
    String plugin,
    long weights,
    long trained,
    List<PlannedProgram> programs,
    Optional<MicroBatch> largest,
    List<Remedy> remedies,
    List<String> notes) {
  /** Copies the lists. */
  public Plan {
    programs = List.copyOf(programs);
    remedies = List.copyOf(remedies);
    notes = List.copyOf(notes);
  }

  /** Bytes of each device at the most. */
  public long peak() {
    return programs.stream().mapToLong(program -> program.memory().peak()).max().orElse(0);
  }

  /** Whether the run would fit. */
  public boolean fits() {
    return programs.stream().allMatch(PlannedProgram::compiled) && peak() <= budget;
  }
}
