package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.optim.ClipByGlobalNorm;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;

/**
 * One optimizer step as one program: forward, backward, sum over micro-batches, one division by the
 * weights of all of them, clipping and the update.
 *
 * <p>Inputs: every weight, of which the trained are donated, and every piece of optimizer state,
 * donated; the batch; the learning rate, an f32 scalar; where bits are random, the run's seed and
 * the step, u32 scalars; the amounts of the regularization, f32 scalars. Outputs: the trained
 * weights and the state, then the metrics, f32 {@code [3]}: Σ w·loss, Σ w and the norm of the
 * gradient before clipping; where the loss is scaled or the training is guarded {@code [5]}, with
 * the scale, 0 where there is none, and 1 for a step that was left out because the gradient was no
 * number.
 */
public final class TrainProgram {
  /** Position of Σ w·loss among the metrics. */
  public static final int LOSS_SUM = 0;

  /** Position of Σ w among the metrics. */
  public static final int WEIGHT_SUM = 1;

  /** Position of the gradient's norm among the metrics. */
  public static final int GRADIENT_NORM = 2;

  /** Position of the loss' scale among the metrics, where a step can be left out; else 0. */
  public static final int LOSS_SCALE = 3;

  /** Position of 1 for a step that was left out, where one can be. */
  public static final int LEFT_OUT = 4;

  /** The smallest scale of the loss: a gradient that is no number with it is none at all. */
  public static final float LEAST_SCALE = LossScale.LEAST;

  private static final String STATE = "optimizer.";

  private TrainProgram() {}

  /** The optimizer's state: shapes by name, as {@link #of} takes and returns it. */
  public static ParamMap<Shape> state(Training training) {
    ParamMap<Shape> state = training.optimizer().init(training.tuning().trainedShapes());
    return (training.scalesLoss() ? state.plus(LossScale.init()) : state).prefixed(STATE);
  }

  /** The step for one bucket. */
  public static Program of(Training training, Bucket bucket) {
    Tuning tuning = training.tuning();
    ParamMap<Tensor> weights = tuning.inputs();
    ParamMap<Tensor> trained = tuning.trained(weights);
    ParamMap<Tensor> state = state(training).map(Tensors::parameter);
    BatchInputs batch = BatchInputs.of(bucket, training.microBatches());
    Tensor learningRate = Tensors.parameter("learning_rate", Shape.of(DType.F32));
    StepSettings settings = StepSettings.of(training.regularization());

    Tensor weightSum = batch.weights().total();
    Update update = update(training, weights, state.under(STATE), batch, settings, learningRate);
    ParamMap<Tensor> after = update.weights().plus(update.state().prefixed(STATE));

    List<Program.Input> inputs = new ArrayList<>();
    List<Program.Output> outputs = new ArrayList<>();
    weights.plus(state).stream()
        .forEach(entry -> {
          Tensor parameter = entry.getValue();
          if (trained.has(entry.getKey()) || state.has(entry.getKey())) {
            inputs.add(new Program.Input(parameter, outputs.size()));
            outputs.add(
                new Program.Output(entry.getKey(), after.get(entry.getKey()), parameter.shape()));
          } else {
            inputs.add(Program.Input.kept(parameter));
          }
        });
    inputs.addAll(batch.programInputs());
    inputs.add(Program.Input.kept(learningRate));
    settings.inputs().forEach(setting -> inputs.add(Program.Input.kept(setting)));
    List<Tensor> metrics = new ArrayList<>(List.of(update.loss(), weightSum, update.norm()));
    metrics.addAll(update.scaling());
    outputs.add(Program.Output.of("metrics", Tensors.stack("metric", metrics)));
    return new Program("train_step", inputs, outputs);
  }

  /**
   * What a step makes.
   *
   * @param scaling the loss' scale and whether the step was left out; empty where it is not scaled
   */
  private record Update(
      ParamMap<Tensor> weights,
      ParamMap<Tensor> state,
      Tensor loss,
      Tensor norm,
      List<Tensor> scaling) {}

  private static Update update(
      Training training,
      ParamMap<Tensor> weights,
      ParamMap<Tensor> state,
      BatchInputs batch,
      StepSettings settings,
      Tensor learningRate) {
    Optimizer optimizer = training.optimizer();
    ParamMap<Tensor> trained = training.tuning().trained(weights);
    Tensor perWeight = Tensors.scalar(DType.F32, 1).dividedBy(batch.weights().total());
    if (!training.scalesLoss()) {
      Sums sums = Sums.of(training, weights, batch, settings);
      Optimizer.Step step =
          optimizer.step(scaled(sums.gradients(), perWeight), state, trained, learningRate);
      return training.guarded()
          ? guarded(step, trained, state, sums.loss())
          : new Update(step.parameters(), step.state(), sums.loss(), norm(step), List.of());
    }
    // The scale goes into the weights, before anything is rounded to f16.
    LossScale lossScale = LossScale.of(state);
    Tensor scale = lossScale.scale();
    Tensor factor = scale.times(perWeight);
    Tensor one = Tensors.scalar(DType.F32, 1);
    Sums sums = Sums.of(training, weights, batch.weighing(factor), settings);
    ParamMap<Tensor> own =
        optimizer.init(trained.map(Tensor::shape)).map((name, _) -> state.get(name));
    Optimizer.Step step =
        optimizer.step(scaled(sums.gradients(), one.dividedBy(scale)), own, trained, learningRate);
    Tensor isNumber = LossScale.isNumber(norm(step));
    return new Update(
        trained.with(step.parameters(), (before, after) -> chosen(isNumber, after, before)),
        own.with(step.state(), (before, after) -> chosen(isNumber, after, before))
            .plus(lossScale.next(isNumber)),
        sums.loss().dividedBy(factor),
        norm(step),
        List.of(scale, one.minus(isNumber.convert(DType.F32))));
  }

  /** Everything stays as it was where the loss or its gradient is no number. */
  private static Update guarded(
      Optimizer.Step step, ParamMap<Tensor> trained, ParamMap<Tensor> state, Tensor loss) {
    Tensor size = Tensors.maximum(loss, loss.negate());
    Tensor isNumber = LossScale.isNumber(norm(step).plus(size));
    return new Update(
        trained.with(step.parameters(), (before, after) -> chosen(isNumber, after, before)),
        state.with(step.state(), (before, after) -> chosen(isNumber, after, before)),
        loss,
        norm(step),
        List.of(
            Tensors.scalar(DType.F32, 0),
            Tensors.scalar(DType.F32, 1).minus(isNumber.convert(DType.F32))));
  }

  private static Tensor chosen(Tensor condition, Tensor yes, Tensor no) {
    return condition.like(no).select(yes, no);
  }

  private static ParamMap<Tensor> scaled(ParamMap<Tensor> gradients, Tensor by) {
    return gradients.map((_, gradient) -> gradient.times(by.like(gradient)));
  }

  private static Tensor norm(Optimizer.Step step) {
    return step.metrics().get(ClipByGlobalNorm.GRAD_NORM);
  }

  /** Σ w·loss over all micro-batches, and its gradient. */
  private record Sums(Tensor loss, ParamMap<Tensor> gradients) {
    static Sums of(
        Training training, ParamMap<Tensor> weights, BatchInputs batch, StepSettings settings) {
      if (training.microBatches() == 1) {
        return ofOne(training, weights, batch, settings);
      }
      ParamMap<Tensor> trained = training.tuning().trained(weights);
      List<Tensor> zeros = new ArrayList<>();
      zeros.add(Tensors.scalar(DType.F32, 0));
      trained
          .values()
          .forEach(weight -> zeros.add(Tensors.zerosLike(weight).constrain(Role.GRADIENT)));
      Axis micro = new Axis(BatchInputs.MICRO, training.microBatches());
      List<Tensor> fields = new ArrayList<>(batch.fields());
      if (settings.isRandom()) {
        fields.add(Tensors.iota(DType.U32, micro));
      }
      List<Tensor> total =
          Tensors.scan(
                  micro,
                  zeros,
                  fields,
                  Remat.NOTHING,
                  (carry, slices) -> {
                    StepSettings its =
                        settings.isRandom() ? settings.ofMicroBatch(slices.getLast()) : settings;
                    Sums own = ofOne(training, weights, BatchInputs.of(slices), its);
                    List<Tensor> next = new ArrayList<>();
                    next.add(carry.getFirst().plus(own.loss));
                    List<Tensor> gradients = own.gradients.values();
                    for (int i = 0; i < gradients.size(); i++) {
                      next.add(carry.get(1 + i).plus(gradients.get(i)).constrain(Role.GRADIENT));
                    }
                    return new Tensors.Step(next, List.of());
                  })
              .carry();
      return new Sums(
          total.getFirst(), ParamMap.zip(trained.names(), total.subList(1, total.size())));
    }

    private static Sums ofOne(
        Training training, ParamMap<Tensor> weights, BatchInputs batch, StepSettings settings) {
      Tensor loss = Loss.ofTraining(training.tuning(), weights, batch, settings);
      ParamMap<Tensor> trained = training.tuning().trained(weights);
      Gradient.Result result = Gradient.of(loss, List.of(), trained.values());
      return new Sums(result.value(), ParamMap.zip(trained.names(), result.gradients()));
    }
  }
}
