package dev.hlotune.trainer.eval;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The data sets that held-out examples are of.
 *
 * @param names what each is called in {@code eval_NAME_loss}, each once
 * @param setOf the place in {@code names} of an example's set, by the example's number
 */
public record HeldOutSets(List<String> names, IntUnaryOperator setOf) {
  /** Copies the list. */
  public HeldOutSets {
    names = List.copyOf(names);
  }

  /** One set, whose loss is the loss. */
  public static HeldOutSets one() {
    return new HeldOutSets(List.of(), _ -> 0);
  }
}
