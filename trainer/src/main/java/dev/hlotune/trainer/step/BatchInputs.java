package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.Spread;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a program's inputs that a {@link dev.hlotune.trainer.data.Batch} fills, in the order
 * in which {@link BatchTransfer} passes it.
 *
 * @param tokens i32 {@code [batch, seq]}, or {@code [micro, batch, seq]} where there are several
 * @param targets i32, likewise
 * @param segments i32, likewise
 * @param positions i32, likewise
 * @param weights f32, likewise
 */
record BatchInputs(
    Tensor tokens, Tensor targets, Tensor segments, Tensor positions, Tensor weights) {

  static final String MICRO = "micro";
  static final String TOKENS = "tokens";
  static final String TARGETS = "targets";
  static final String SEGMENTS = "segments";
  static final String POSITIONS = "positions";
  static final String WEIGHTS = "weights";

  /** Parameters for micro-batches of one bucket. */
  static BatchInputs of(Bucket bucket, int microBatches) {
    List<Axis> axes = new ArrayList<>();
    if (microBatches > 1) {
      axes.add(new Axis(MICRO, microBatches));
    }
    axes.add(new Axis("batch", bucket.rows()));
    axes.add(new Axis("seq", bucket.length()));
    Shape ids = new Shape(DType.I32, axes);
    return new BatchInputs(
        Tensors.parameter(TOKENS, ids),
        Tensors.parameter(TARGETS, ids),
        Tensors.parameter(SEGMENTS, ids),
        Tensors.parameter(POSITIONS, ids),
        Tensors.parameter(WEIGHTS, ids.withDtype(DType.F32)));
  }

  /** The same fields from a list in this record's order. */
  static BatchInputs of(List<Tensor> fields) {
    return new BatchInputs(
        fields.get(0), fields.get(1), fields.get(2), fields.get(3), fields.get(4));
  }

  /** The same with every weight multiplied by a scalar. */
  BatchInputs weighing(Tensor factor) {
    return new BatchInputs(
        tokens, targets, segments, positions, weights.times(factor.like(weights)));
  }

  List<Tensor> fields() {
    return List.of(tokens, targets, segments, positions, weights);
  }

  List<Program.Input> programInputs() {
    return fields().stream().map(Program.Input::kept).toList();
  }

  CausalModel.Inputs modelInputs(Spread spread) {
    return new CausalModel.Inputs(tokens, positions, segments, spread);
  }
}
