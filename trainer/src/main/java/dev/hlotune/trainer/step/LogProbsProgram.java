package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;

/**
 * How probable a model finds the targets of one micro-batch. Inputs: every weight, in the type in
 * which the model runs, then the batch. Output: f32 {@code [batch, seq]}, the logarithm of the
 * probability of each target, and 0 where its weight is 0. The logits of the whole batch never
 * exist.
 */
public final class LogProbsProgram {
  private LogProbsProgram() {}

  /** The program for one bucket. */
  public static Program of(CausalModel model, Bucket bucket, DType compute) {
    ParamMap<Tensor> weights =
        model
            .parameters()
            .map((name, spec) -> Tensors.parameter(name, spec.shape().withDtype(compute)));
    BatchInputs batch = BatchInputs.of(bucket, 1);
    Tensor values =
        CrossEntropy.logProbabilities(
            new CrossEntropy.Inputs(
                model.hidden(weights, batch.modelInputs()),
                model.head(weights),
                batch.targets(),
                batch.weights()));
    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(weight -> inputs.add(Program.Input.kept(weight)));
    inputs.addAll(batch.programInputs());
    return new Program("logprobs", inputs, List.of(Program.Output.of("logprobs", values)));
  }
}
