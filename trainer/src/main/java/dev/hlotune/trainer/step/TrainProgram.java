package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.optim.ClipByGlobalNorm;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;

/**
 * One optimizer step as one program: forward, backward, sum over micro-batches, one division by the
 * weights of all of them, clipping and the update.
 *
 * <p>Inputs: every weight and every piece of optimizer state, donated; the batch; the learning
 * rate, an f32 scalar. Outputs: the same weights and state, then the metrics, f32 {@code [3]}: Σ
 * w·loss, Σ w and the norm of the gradient before clipping.
 */
public final class TrainProgram {
  /** Position of Σ w·loss among the metrics. */
  public static final int LOSS_SUM = 0;

  /** Position of Σ w among the metrics. */
  public static final int WEIGHT_SUM = 1;

  /** Position of the gradient's norm among the metrics. */
  public static final int GRADIENT_NORM = 2;

  private static final String STATE = "optimizer.";

  private TrainProgram() {}

  /** The optimizer's state for a model: shapes by name, as {@link #of} takes and returns it. */
  public static ParamMap<Shape> state(CausalModel model, Optimizer optimizer) {
    return optimizer.init(model.parameters().map(ParameterSpec::shape)).prefixed(STATE);
  }

  /**
   * The step for one bucket.
   *
   * @param microBatches how many batches of that shape one update sums over
   * @param compute the type in which the model runs; weights and sums stay f32
   */
  public static Program of(
      CausalModel model, Optimizer optimizer, Bucket bucket, int microBatches, DType compute) {
    ParamMap<Tensor> weights =
        model.parameters().map((name, spec) -> Tensors.parameter(name, spec.shape()));
    ParamMap<Tensor> state = state(model, optimizer).map(Tensors::parameter);
    BatchInputs batch = BatchInputs.of(bucket, microBatches);
    Tensor learningRate = Tensors.parameter("learning_rate", Shape.of(DType.F32));

    Sums sums = Sums.of(model, weights, batch, microBatches, compute);
    Tensor weightSum = batch.weights().total();
    Tensor scale = Tensors.scalar(DType.F32, 1).dividedBy(weightSum);
    ParamMap<Tensor> gradients =
        sums.gradients().map((_, gradient) -> gradient.times(scale.like(gradient)));
    Optimizer.Step step = optimizer.step(gradients, state.under(STATE), weights, learningRate);
    ParamMap<Tensor> before = weights.plus(state);
    ParamMap<Tensor> after = step.parameters().plus(step.state().prefixed(STATE));

    List<Program.Input> inputs = new ArrayList<>();
    List<Program.Output> outputs = new ArrayList<>();
    for (String name : before.names()) {
      Tensor parameter = before.get(name);
      inputs.add(new Program.Input(parameter, outputs.size()));
      outputs.add(new Program.Output(name, after.get(name), parameter.shape()));
    }
    inputs.addAll(batch.programInputs());
    inputs.add(Program.Input.kept(learningRate));
    outputs.add(
        Program.Output.of(
            "metrics",
            Tensors.stack(
                "metric",
                List.of(sums.loss(), weightSum, step.metrics().get(ClipByGlobalNorm.GRAD_NORM)))));
    return new Program("train_step", inputs, outputs);
  }

  /** Σ w·loss over all micro-batches, and its gradient. */
  private record Sums(Tensor loss, ParamMap<Tensor> gradients) {
    static Sums of(
        CausalModel model,
        ParamMap<Tensor> weights,
        BatchInputs batch,
        int microBatches,
        DType compute) {
      if (microBatches == 1) {
        return of(model, weights, batch, compute);
      }
      List<Tensor> zeros = new ArrayList<>();
      zeros.add(Tensors.scalar(DType.F32, 0));
      weights.values().forEach(weight -> zeros.add(Tensors.zerosLike(weight)));
      List<Tensor> total =
          Tensors.scan(
                  new Axis(BatchInputs.MICRO, microBatches),
                  zeros,
                  batch.fields(),
                  Remat.NOTHING,
                  (carry, slices) -> {
                    Sums own = of(model, weights, BatchInputs.of(slices), compute);
                    List<Tensor> next = new ArrayList<>();
                    next.add(carry.getFirst().plus(own.loss));
                    List<Tensor> gradients = own.gradients.values();
                    for (int i = 0; i < gradients.size(); i++) {
                      next.add(carry.get(1 + i).plus(gradients.get(i)));
                    }
                    return new Tensors.Step(next, List.of());
                  })
              .carry();
      return new Sums(
          total.getFirst(), ParamMap.zip(weights.names(), total.subList(1, total.size())));
    }

    private static Sums of(
        CausalModel model, ParamMap<Tensor> weights, BatchInputs batch, DType compute) {
      Tensor loss = Loss.weightedSum(model, weights, batch, compute, true);
      Gradient.Result result = Gradient.of(loss, List.of(), weights.values());
      return new Sums(result.value(), ParamMap.zip(weights.names(), result.gradients()));
    }
  }
}
