package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;

/**
 * Adam's direction with both moments in eight bits (Dettmers et al. 2022, "8-bit Optimizers via
 * Block-wise Quantization") as {@code bitsandbytes.optim.AdamW8bit} computes it: a step takes the
 * moments out of their blocks of 256, does what {@link ScaleByAdam} does in f32, and puts each
 * block back as its largest size and, for each element, the nearest value of a {@link DynamicMap}.
 *
 * <p>State of every weight: two codes, u8, for each element and two f32 for each block; the number
 * of steps done as an i32 scalar.
 *
 * @param adam decays and epsilon
 */
public record ScaleByAdam8bit(ScaleByAdam adam) implements GradientTransformation {
  /** Elements that share a scale. */
  public static final int BLOCK = 256;

  private static final String FIRST = "adam8bit.m.";
  private static final String SECOND = "adam8bit.v.";
  private static final String FIRST_SCALE = "adam8bit.m_largest.";
  private static final String SECOND_SCALE = "adam8bit.v_largest.";
  private static final String COUNT = "adam8bit.count";

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    ParamMap<BlockLayout> layouts = parameters.map(shape -> new BlockLayout(shape, BLOCK));
    ParamMap<Shape> codes = layouts.map(layout -> layout.lanes(DType.U8));
    ParamMap<Shape> scales = layouts.map(layout -> layout.blocks(DType.F32));
    return codes
        .prefixed(FIRST)
        .plus(scales.prefixed(FIRST_SCALE))
        .plus(codes.prefixed(SECOND))
        .plus(scales.prefixed(SECOND_SCALE))
        .plus(COUNT, Shape.of(DType.I32));
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    Tensor count = state.get(COUNT).plus(1);
    Tensor steps = count.convert(DType.F32);
    Tensor correction1 = ScaleByAdam.oneMinusPower(adam.beta1(), steps);
    Tensor correction2 = ScaleByAdam.oneMinusPower(adam.beta2(), steps);
    ParamMap<Tensor> directions = ParamMap.empty();
    ParamMap<Tensor> after = ParamMap.empty();
    for (String name : updates.names()) {
      BlockLayout layout = new BlockLayout(context.parameters().get(name).shape(), BLOCK);
      Tensor gradient = layout.split(updates.get(name));
      Blocks first = new Blocks(state.get(FIRST + name), state.get(FIRST_SCALE + name));
      Blocks second = new Blocks(state.get(SECOND + name), state.get(SECOND_SCALE + name));
      Tensor mean =
          first
              .values(DynamicMap.SIGNED)
              .times(adam.beta1())
              .plus(gradient.times(1 - adam.beta1()));
      Tensor square =
          second
              .values(DynamicMap.UNSIGNED)
              .times(adam.beta2())
              .plus(gradient.square().times(1 - adam.beta2()));
      Tensor root = square.dividedBy(correction2.like(square)).sqrt().plus(adam.eps());
      Tensor direction = mean.dividedBy(correction1.like(mean)).dividedBy(root);
      directions = directions.plus(name, layout.merge(direction));
      Blocks means = Blocks.of(mean, DynamicMap.SIGNED);
      Blocks squares = Blocks.of(square, DynamicMap.UNSIGNED);
      after =
          after
              .plus(FIRST + name, means.codes)
              .plus(FIRST_SCALE + name, means.largest)
              .plus(SECOND + name, squares.codes)
              .plus(SECOND_SCALE + name, squares.largest);
    }
    return new Result(directions, after.plus(COUNT, count), ParamMap.empty());
  }

  /** Numbers in eight bits, and the largest size of each block. */
  private record Blocks(Tensor codes, Tensor largest) {
    static Blocks of(Tensor numbers, DynamicMap map) {
      Tensor largest = BlockLayout.largest(numbers.unary(UnaryKind.ABS));
      Tensor divisor = Tensors.maximum(largest, Tensors.fill(largest.shape(), Float.MIN_NORMAL));
      return new Blocks(map.codes(numbers.dividedBy(divisor.like(numbers))), largest);
    }

    Tensor values(DynamicMap map) {
      Tensor values = map.values(codes);
      return values.times(largest.like(values));
    }
  }
}
