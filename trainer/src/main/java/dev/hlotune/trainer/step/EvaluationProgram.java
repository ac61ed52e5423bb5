package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss of one micro-batch. Inputs: every weight, then the batch. Output: f32 {@code [2]}, Σ
 * w·loss and Σ w.
 */
public final class EvaluationProgram {
  private EvaluationProgram() {}

  /** The program for one bucket. */
  public static Program of(Tuning tuning, Bucket bucket) {
    ParamMap<Tensor> weights = tuning.inputs();
    BatchInputs batch = BatchInputs.of(bucket, 1);
    Tensor loss = Loss.weightedSum(tuning, weights, batch, false);
    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(weight -> inputs.add(Program.Input.kept(weight)));
    inputs.addAll(batch.programInputs());
    return new Program(
        "evaluation",
        inputs,
        List.of(
            Program.Output.of(
                "metrics", Tensors.stack("metric", List.of(loss, batch.weights().total())))));
  }
}
