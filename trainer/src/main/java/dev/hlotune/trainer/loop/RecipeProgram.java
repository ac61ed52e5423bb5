package dev.hlotune.trainer.loop;

import dev.hlotune.hlo.Program;
import dev.hlotune.trainer.data.Bucket;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A program that a run would compile. Its graph is made each time it is asked for, and kept
 * nowhere.
 *
 * @param name distinct among a run's, and fit for a file
 * @param kind what it is for
 * @param bucket the shape of its batch; empty where the shapes are those of prompts
 * @param source makes it
 */
public record RecipeProgram(
    String name, Kind kind, Optional<Bucket> bucket, Supplier<Program> source) {

  /** What a program is for. */
  public enum Kind {
    /** An update of the weights. */
    TRAIN_STEP,
    /** The loss of held-out data. */
    EVALUATION,
    /** Prompts, run whole. */
    PREFILL,
    /** One more token of every answer. */
    DECODE
  }

  /** Makes it: inputs, outputs and what is between. */
  public Program program() {
    return source.get();
  }

  /** Whether it takes the optimizer's state beside the weights. */
  public boolean trains() {
    return kind == Kind.TRAIN_STEP;
  }
}
