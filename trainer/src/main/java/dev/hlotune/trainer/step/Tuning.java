package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.Head;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.hlo.nn.Quantization;
import dev.hlotune.hlo.nn.Spread;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A model as a run holds it: which of its weights are trained, and in which type it computes.
 * Trained weights are held in f32; the others in the type of the computation, as they are read and
 * never written. A program takes all of them in the model's order.
 *
 * @param model what is trained
 * @param trained names of the trained weights
 * @param masters names of the weights that are held in f32: the trained, and those that a later
 *     stage of the run trains
 * @param compute the type in which the model runs; sums, the loss and the optimizer stay f32
 * @param spread how the devices that it runs on, and the sizes of a batch, cut what it computes
 */
public record Tuning(
    CausalModel model, Set<String> trained, Set<String> masters, DType compute, Spread spread) {
  /** Checks the names. */
  public Tuning {
    trained = Collections.unmodifiableSet(new LinkedHashSet<>(trained));
    ParamMap<ParameterSpec> known = model.parameters();
    trained.forEach(known::get);
    Set<String> held = new LinkedHashSet<>(masters);
    held.addAll(trained);
    masters = Collections.unmodifiableSet(held);
  }

  /** On one device. */
  public Tuning(CausalModel model, Set<String> trained, Set<String> masters, DType compute) {
    this(model, trained, masters, compute, Spread.NONE);
  }

  /** The same on the devices of a mesh. */
  public Tuning on(Spread devices) {
    return new Tuning(model, trained, masters, compute, devices);
  }

  /** The same with programs that differ from size to size of a batch in these sizes alone. */
  public Tuning ofAnySize() {
    return on(spread.forAnySize());
  }

  /** Some weights are trained, the others never. */
  public static Tuning of(CausalModel model, Set<String> trained, DType compute) {
    return new Tuning(model, trained, trained, compute);
  }

  /** Every weight is trained. */
  public static Tuning full(CausalModel model, DType compute) {
    return of(model, new LinkedHashSet<>(model.parameters().names()), compute);
  }

  /** No weight is trained. */
  public static Tuning none(CausalModel model, DType compute) {
    return of(model, Set.of(), compute);
  }

  /** Whether a weight is trained. */
  public boolean trains(String name) {
    return trained.contains(name);
  }

  /** The weights as they are on the device. */
  public ParamMap<ParameterSpec> parameters() {
    return model.parameters().map((name, spec) -> spec.withShape(held(name, spec.shape())));
  }

  private Shape held(String name, Shape shape) {
    return masters.contains(name) || isSetting(name, shape) ? shape : shape.withDtype(compute);
  }

  /**
   * A number that is set for the model, such as the scale of adapters, keeps its digits, and so do
   * codes and scales of weights in few bits.
   */
  private static boolean isSetting(String name, Shape shape) {
    return shape.rank() == 0 || !shape.dtype().isFloat() || name.endsWith(Quantization.SCALES);
  }

  /** Shapes of the trained weights, in the model's order. */
  public ParamMap<Shape> trainedShapes() {
    return trained(model.parameters()).map(ParameterSpec::shape);
  }

  /** The trained among all. */
  <T> ParamMap<T> trained(ParamMap<T> all) {
    return all.subset((name, _) -> trains(name));
  }

  /** A parameter of a program for each weight. */
  public ParamMap<Tensor> inputs() {
    return parameters().map((name, spec) -> Tensors.parameter(name, spec.shape()));
  }

  /** Weights as the model computes with them. */
  public ParamMap<Tensor> cast(ParamMap<Tensor> weights) {
    return model.ready(
        weights.map(
            (name, weight) -> isSetting(name, weight.shape()) ? weight : weight.convert(compute)));
  }

  /** The head, with a gradient if it is trained. */
  Head head(ParamMap<Tensor> cast) {
    Head head = model.head(cast);
    return trains(model.words().headWeight()) ? head : head.frozen();
  }
}
