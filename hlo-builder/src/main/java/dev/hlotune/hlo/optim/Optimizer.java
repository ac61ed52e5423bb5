package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.optim.GradientTransformation.Context;
import java.util.function.Predicate;

/**
 * A transformation of gradients, applied to weights. The one place that holds state in and state
 * out to equal shapes, so that a step can be repeated for ever on the same buffers.
 *
 * @param transformation usually a {@link Chain} that ends in {@link ScaleByLearningRate}
 */
public record Optimizer(GradientTransformation transformation) {
  /**
   * What a step gives.
   *
   * @param parameters the trained weights after the step, of their shapes
   * @param state after the step, of the shapes that came in
   * @param metrics f32 scalars worth logging
   */
  public record Step(
      ParamMap<Tensor> parameters, ParamMap<Tensor> state, ParamMap<Tensor> metrics) {}

  /**
   * Settings of {@link #adamw}, named as in {@code transformers.TrainingArguments}.
   *
   * @param maxGradNorm clips the global norm of the gradients; 0 for not
   */
  public record AdamW(
      double beta1, double beta2, double eps, double weightDecay, double maxGradNorm) {}

  /** AdamW after clipping; decay touches the weights that {@code mask} names. */
  public static Optimizer adamw(AdamW settings, Predicate<String> mask) {
    return Optimizers.decoupled(
        settings.maxGradNorm(),
        new ScaleByAdam(settings.beta1(), settings.beta2(), settings.eps()),
        new WeightGroups(
            PerWeight.all(1), new PerWeight(name -> mask.test(name) ? settings.weightDecay() : 0)));
  }

  /**
   * Gradient descent after clipping.
   *
   * @param momentum 0 for none, which keeps no state
   * @param maxGradNorm clips the global norm of the gradients; 0 for not
   */
  public static Optimizer sgd(double momentum, boolean nesterov, double maxGradNorm) {
    return Optimizers.sgd(maxGradNorm, momentum, nesterov, DType.F32, WeightGroups.none());
  }

  /** Shapes of the state for the given trained weights; every element starts at zero. */
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    return transformation.init(parameters);
  }

  /**
   * One step.
   *
   * @param gradients one per trained weight, of its shape and any float type
   * @param state as {@link #init} describes it
   * @param parameters the trained weights
   * @param learningRate an f32 scalar
   */
  public Step step(
      ParamMap<Tensor> gradients,
      ParamMap<Tensor> state,
      ParamMap<Tensor> parameters,
      Tensor learningRate) {
    ParamMap<Shape> shapes = parameters.map(Tensor::shape);
    ParamMap<Shape> expected = init(shapes);
    requireEqual("gradients", shapes.map(Optimizer::single), gradients.map(Optimizer::single));
    requireEqual("optimizer state before the step", expected, state.map(Tensor::shape));
    requireEqual(
        "learning rate",
        ParamMap.<Shape>empty().plus("learning_rate", Shape.of(DType.F32)),
        ParamMap.<Shape>empty().plus("learning_rate", learningRate.shape()));
    // Where the state is split over devices, each makes its part of the new weights.
    ParamMap<Tensor> own = parameters.map(weight -> weight.constrain(Role.STATE));
    GradientTransformation.Result result =
        transformation.update(
            parameters.with(
                gradients, (_, gradient) -> gradient.convert(DType.F32).constrain(Role.STATE)),
            state,
            new Context(own, learningRate));
    requireEqual("updates", shapes.map(Optimizer::single), result.updates().map(Tensor::shape));
    requireEqual("optimizer state after the step", expected, result.state().map(Tensor::shape));
    ParamMap<Tensor> after =
        own.with(
            result.updates(),
            (weight, update) ->
                weight
                    .convert(DType.F32)
                    .plus(update)
                    .convert(weight.dtype())
                    .constrain(Role.STATE));
    return new Step(after, expected.with(result.state(), (_, tensor) -> tensor), result.metrics());
  }

  private static Shape single(Tensor tensor) {
    return single(tensor.shape());
  }

  private static Shape single(Shape shape) {
    return shape.withDtype(DType.F32);
  }

  private static void requireEqual(String what, ParamMap<Shape> expected, ParamMap<Shape> got) {
    for (String name : got.names()) {
      expected.get(name);
    }
    for (String name : expected.names()) {
      Shape wanted = expected.get(name);
      Shape shape = got.get(name);
      if (shape.dtype() != wanted.dtype() || !shape.sameAxes(wanted)) {
        throw new ShapeException(
            what + ", \"" + name + "\": expected " + wanted + ", got " + shape);
      }
    }
  }
}
