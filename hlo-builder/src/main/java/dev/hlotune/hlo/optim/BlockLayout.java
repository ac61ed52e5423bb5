package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.LayerStack;
import java.util.ArrayList;
import java.util.List;

/**
 * A weight as blocks of equal length, in the order in which it lies in memory, filled up with
 * zeros. Each layer of a stacked weight begins a block of its own.
 *
 * @param shape of the weight
 * @param length of a block
 */
record BlockLayout(Shape shape, int length) {
  private static final String ELEMENT = "element_of_blocks";
  private static final String BLOCK = "block";
  private static final String LANE = "lane";

  /** Elements of the weight, or of one layer of it. */
  long elements() {
    return shape.without(List.of(LayerStack.AXIS)).elements();
  }

  /** One value for each element, zeros at the end of the last block included. */
  Shape lanes(DType dtype) {
    List<Axis> axes = new ArrayList<>(blocks(dtype).axes());
    axes.add(new Axis(LANE, length));
    return new Shape(dtype, axes);
  }

  /** One value for each block. */
  Shape blocks(DType dtype) {
    List<Axis> axes = new ArrayList<>();
    if (shape.has(LayerStack.AXIS)) {
      axes.add(shape.axis(LayerStack.AXIS));
    }
    axes.add(block());
    return new Shape(dtype, axes);
  }

  /** A tensor of the weight's axes, by blocks. */
  Tensor split(Tensor tensor) {
    Axis block = block();
    int missing = Math.toIntExact((long) block.size() * length - elements());
    return tensor
        .merge(own(), ELEMENT)
        .pad(ELEMENT, 0, missing)
        .split(ELEMENT, block, new Axis(LANE, length));
  }

  /** The way back. */
  Tensor merge(Tensor blocks) {
    Axis[] axes = own().stream().map(shape::axis).toArray(Axis[]::new);
    return blocks
        .merge(List.of(BLOCK, LANE), ELEMENT)
        .slice(ELEMENT, 0, Math.toIntExact(elements()))
        .split(ELEMENT, axes);
  }

  /** The largest of each block. */
  static Tensor largest(Tensor blocks) {
    return blocks.max(LANE);
  }

  private Axis block() {
    return new Axis(BLOCK, Math.toIntExact(Math.ceilDiv(elements(), (long) length)));
  }

  private List<String> own() {
    return shape.names().stream().filter(name -> !name.equals(LayerStack.AXIS)).toList();
  }
}
