package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;

/**
 * How probable a model finds the targets of one micro-batch. Inputs: every weight, then the batch.
 * Output: f32 {@code [batch, seq]}, the logarithm of the probability of each target, and 0 where
 * its weight is 0. The logits of the whole batch never exist.
 */
public final class LogProbsProgram {
  private LogProbsProgram() {}

  /** The program for one bucket. */
  public static Program of(Tuning tuning, Bucket bucket) {
    ParamMap<Tensor> weights = tuning.inputs();
    ParamMap<Tensor> cast = tuning.cast(weights);
    BatchInputs batch = BatchInputs.of(bucket, 1);
    Tensor values =
        CrossEntropy.logProbabilities(
            new CrossEntropy.Inputs(
                tuning.model().hidden(cast, batch.modelInputs()),
                tuning.head(cast),
                batch.targets(),
                batch.weights()));
    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(weight -> inputs.add(Program.Input.kept(weight)));
    inputs.addAll(batch.programInputs());
    return new Program("logprobs", inputs, List.of(Program.Output.of("logprobs", values)));
  }
}
