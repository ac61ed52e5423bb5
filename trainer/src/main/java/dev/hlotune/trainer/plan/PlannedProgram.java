package dev.hlotune.trainer.plan;

import dev.hlotune.trainer.loop.RecipeProgram;
import java.util.List;
import java.util.Optional;

/**
 * A program of a recipe, compiled for a target.
 *
 * @param name among the recipe's
 * @param kind what it is for
 * @param positions of its batch, on all devices, padding included; 0 for programs of generation
 * @param compiled whether the compiler made it; it refuses what does not fit the memory
 * @param memory of each device; where it was refused, what it would take as far as that is known
 * @param flops floating-point operations of its products on all devices, those done again included
 * @param neededFlops the same without those that are done again
 * @param time how long it takes at least; empty where nothing is known of the card
 * @param collectives what devices exchange
 * @param emission seconds that its graph, gradient and text took
 * @param seconds that compiling it took
 * @param refusal what the compiler said where it refused it
 */
public record PlannedProgram(
    String name,
    RecipeProgram.Kind kind,
    long positions,
    boolean compiled,
    PlannedMemory memory,
    double flops,
    double neededFlops,
    Optional<StepTime> time,
    List<Collective> collectives,
    double emission,
    double seconds,
    Optional<String> refusal) {
  /** Copies the list. */
  public PlannedProgram {
    collectives = List.copyOf(collectives);
  }

  /** Bytes that each device sends. */
  public long sent() {
    return collectives.stream().mapToLong(Collective::sent).sum();
  }
}
