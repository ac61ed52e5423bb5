package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;

/** What a model predicts at every position, for inspection: training never holds all logits. */
public final class LogitsProgram {
  private LogitsProgram() {}

  /**
   * Weights, then tokens, segments and positions in; {@code logits}, f32 {@code [batch, seq,
   * vocab]}, out.
   */
  public static Program of(Tuning tuning, Bucket bucket) {
    ParamMap<Tensor> weights = tuning.inputs();
    ParamMap<Tensor> cast = tuning.cast(weights);
    BatchInputs batch = BatchInputs.of(bucket, 1);
    Tensor logits =
        tuning.head(cast).logits(tuning.model().hidden(cast, batch.modelInputs(tuning.spread())));
    List<Tensor> inputs = new ArrayList<>(weights.values());
    inputs.addAll(List.of(batch.tokens(), batch.segments(), batch.positions()));
    return new Program(
        "logits",
        inputs.stream().map(Program.Input::kept).toList(),
        List.of(Program.Output.of("logits", logits)));
  }
}
