package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.LayerStack;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A number for each weight, such as its decay. A stacked weight has one for each of its layers,
 * which need not be equal.
 *
 * @param number by the name that the weight has in files, where every layer has its own
 */
public record PerWeight(ToDoubleFunction<String> number) {
  /** The same for every weight. */
  public static PerWeight all(double number) {
    return new PerWeight(_ -> number);
  }

  /**
   * The names that a weight has in files: its own, or that of each layer of a stacked one.
   *
   * @param name with {@link LayerStack#STACKED} where it is stacked
   */
  public static List<String> names(String name, Shape shape) {
    if (!shape.has(LayerStack.AXIS)) {
      return List.of(name);
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < shape.axis(LayerStack.AXIS).size(); i++) {
      names.add(name.replace("." + LayerStack.STACKED + ".", "." + i + "."));
    }
    return names;
  }

  /** The numbers of a weight: one, or one for each layer where they differ. */
  List<Double> numbers(String name, Shape shape) {
    List<Double> numbers =
        names(name, shape).stream().mapToDouble(number).boxed().distinct().toList();
    return numbers.size() == 1
        ? numbers
        : names(name, shape).stream().mapToDouble(number).boxed().toList();
  }

  /** Whether the weight's number is the given one in all layers. */
  boolean is(double expected, String name, Shape shape) {
    return numbers(name, shape).equals(List.of(expected));
  }

  /** A tensor of the weight's axes, times the weight's number. */
  Tensor times(String name, Tensor tensor) {
    List<Double> numbers = numbers(name, tensor.shape());
    if (numbers.size() > 1) {
      Axis layers = tensor.axis(LayerStack.AXIS);
      Tensor each = Tensors.literal(Shape.of(tensor.dtype(), layers), numbers);
      return tensor.times(each.like(tensor));
    }
    return numbers.getFirst() == 1 ? tensor : tensor.times(numbers.getFirst());
  }
}
