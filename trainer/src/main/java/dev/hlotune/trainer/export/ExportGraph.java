package dev.hlotune.trainer.export;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.SymbolicProgram;
import dev.hlotune.trainer.data.Bucket;

/** What is written as a text. */
public sealed interface ExportGraph {
  /** The graph; of one shape where it is for many. */
  Program program();

  /**
   * Of one shape.
   *
   * @param bucket the shape
   */
  record Fixed(Program program, Bucket bucket) implements ExportGraph {}

  /**
   * Of many.
   *
   * @param symbolic its text and sizes
   * @param program of one of the shapes
   * @param rows of a batch
   * @param length of a row
   */
  record Ranged(
      SymbolicProgram symbolic, Program program, SizePolynomial rows, SizePolynomial length)
      implements ExportGraph {}
}
