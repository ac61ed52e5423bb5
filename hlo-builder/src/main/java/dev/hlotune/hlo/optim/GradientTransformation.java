package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * One stage on the way from gradients to what is added to the parameters: a pair of pure functions,
 * composed by {@link Chain} and run by {@link Optimizer}. After optax (DeepMind 2020, "The DeepMind
 * JAX Ecosystem").
 */
public interface GradientTransformation {
  /**
   * The state that it keeps from step to step, by names that no other stage of a chain uses. All
   * state starts at zero.
   *
   * @param parameters the trained weights
   */
  ParamMap<Shape> init(ParamMap<Shape> parameters);

  /**
   * One step.
   *
   * @param updates f32, one per trained weight: the gradients, as the stages before have left them
   * @param state as {@link #init} describes it
   * @param context what else a stage may look at
   */
  Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context);

  /**
   * What is equal for all stages of one step.
   *
   * @param parameters the trained weights before the step
   * @param learningRate an f32 scalar
   */
  record Context(ParamMap<Tensor> parameters, Tensor learningRate) {}

  /**
   * What a stage hands on.
   *
   * @param updates by the names that came in
   * @param state by the names and with the shapes that came in
   * @param metrics f32 scalars worth logging, by name
   */
  record Result(ParamMap<Tensor> updates, ParamMap<Tensor> state, ParamMap<Tensor> metrics) {
    /** Changed updates of a stage without state. */
    static Result of(ParamMap<Tensor> updates) {
      return new Result(updates, ParamMap.empty(), ParamMap.empty());
    }
  }
}
