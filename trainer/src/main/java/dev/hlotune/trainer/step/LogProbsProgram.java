package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.Attention;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.TokenLoss;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;

/**
 * How probable a model finds the targets of one micro-batch. Inputs: every weight, then the batch.
 * Output: f32 {@code [batch, seq]}, the logarithm of the probability of each target, and 0 where
 * its weight is 0. The logits of the whole batch never exist.
 */
public final class LogProbsProgram {
  /** Figures for each position of {@code segments} where beginnings are shared. */
  public static final int VIEWS = Attention.VIEWS;

  private LogProbsProgram() {}

  /** The program for one bucket. */
  public static Program of(Tuning tuning, Bucket bucket) {
    return of(tuning, BatchInputs.of(bucket, 1));
  }

  /**
   * The same where a position sees its own segment and another one that stands before it: {@code
   * segments} is i32 {@code [batch, seq, view]} then, of each position its segment, the other one,
   * which may be the same, and its position.
   */
  public static Program sharing(Tuning tuning, Bucket bucket) {
    BatchInputs plain = BatchInputs.of(bucket, 1);
    return of(
        tuning,
        new BatchInputs(
            plain.tokens(),
            plain.targets(),
            Tensors.parameter(
                BatchInputs.SEGMENTS,
                plain.segments().shape().append(new Axis(Attention.VIEW, VIEWS))),
            plain.positions(),
            plain.weights()));
  }

  private static Program of(Tuning tuning, BatchInputs batch) {
    ParamMap<Tensor> weights = tuning.inputs();
    ParamMap<Tensor> cast = tuning.cast(weights);
    Tensor values =
        CrossEntropy.logProbabilities(
            new CrossEntropy.Inputs(
                tuning.model().hidden(cast, batch.modelInputs(tuning.spread())),
                tuning.head(cast),
                batch.targets(),
                batch.weights(),
                TokenLoss.PLAIN,
                tuning.spread()));
    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(weight -> inputs.add(Program.Input.kept(weight)));
    inputs.addAll(batch.programInputs());
    return new Program("logprobs", inputs, List.of(Program.Output.of("logprobs", values)));
  }
}
