package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.Arrays;
import java.util.List;

/**
 * Weights of linear layers in few bits, from which they are made again where they are multiplied,
 * layer by layer: forward, and once more backward, so that neither pass holds more than one of
 * them. They are never trained.
 *
 * <p>A layer's {@code NAME.weight} is then {@code NAME.weight.codes} and {@code NAME.weight.scales}
 * (f32), both with the outputs in front, however the file has them.
 */
public enum Quantization {
  /**
   * Eight bits: {@code w = code · scale / 127}, one scale for each output, the largest of its
   * weights (Dettmers et al. 2022, "LLM.int8()", section 2.1, for weights alone: what is multiplied
   * stays a float). Codes are i8 {@code [out, in]}.
   */
  INT8,
  /**
   * Four bits: {@code w = table[code] · scale}, one scale for each 64 inputs of an output, the
   * largest of these weights (Dettmers et al. 2023, "QLoRA", section 3 and appendix E). Codes are
   * u8 {@code [out, in / 2]}, the earlier of two in the higher bits, as bitsandbytes has them.
   */
  NF4;

  /** What the name of a layer's codes ends with. */
  public static final String CODES = ".weight.codes";

  /** What the name of a layer's scales ends with. */
  public static final String SCALES = ".weight.scales";

  /** Weights that share a scale. */
  public static final int BLOCK = 64;

  /** Values of the codes of NF4: quantiles of a normal distribution, 0 among them. */
  private static final double[] TABLE = {
    -1.0,
    -0.6961928009986877,
    -0.5250730514526367,
    -0.39491748809814453,
    -0.28444138169288635,
    -0.18477343022823334,
    -0.09105003625154495,
    0.0,
    0.07958029955625534,
    0.16093020141124725,
    0.24611230194568634,
    0.33791524171829224,
    0.44070982933044434,
    0.5626170039176941,
    0.7229568362236023,
    1.0
  };

  private static final String HALF = "half";
  private static final String PAIR = "pair";
  private static final String BLOCKS = "block";
  private static final String WITHIN = "within_block";
  private static final String CODE = "code";

  /** The values of the codes of {@link #NF4}, in order. */
  public static double[] table() {
    return TABLE.clone();
  }

  /**
   * What stands in the place of a layer's weight.
   *
   * @param layer its name
   * @param weight as the file has it, perhaps stacked
   * @throws ShapeException if it cannot be held so
   */
  public ParamMap<ParameterSpec> parameters(String layer, ParameterSpec weight) {
    String input = weight.input().orElseThrow();
    int inputs = weight.shape().axis(input).size();
    Shape out = weight.shape().without(List.of(input));
    Initializer none = new Initializer.Constant(0);
    return switch (this) {
      case INT8 ->
          ParamMap.<ParameterSpec>empty()
              .plus(
                  layer + CODES,
                  new ParameterSpec(
                      out.withDtype(DType.I8).append(weight.shape().axis(input)), none))
              .plus(layer + SCALES, new ParameterSpec(out, none));
      case NF4 -> {
        if (inputs % BLOCK != 0) {
          throw new ShapeException(
              "quantization: expected layers of a multiple of 64 inputs, as every 64 weights share"
                  + " a scale, got "
                  + inputs
                  + " of \""
                  + layer
                  + "\"");
        }
        yield ParamMap.<ParameterSpec>empty()
            .plus(
                layer + CODES,
                new ParameterSpec(out.withDtype(DType.U8).append(new Axis(HALF, inputs / 2)), none))
            .plus(
                layer + SCALES,
                new ParameterSpec(out.append(new Axis(BLOCKS, inputs / BLOCK)), none));
      }
    };
  }

  /** Whether a layer's weight is held so among the weights. */
  static boolean isAmong(ParamMap<Tensor> weights, String layer) {
    return weights.has(layer + CODES);
  }

  /**
   * {@code x · weight}, differentiable by {@code x} alone.
   *
   * @param input the axis that is multiplied away
   */
  static Tensor product(ParamMap<Tensor> weights, String layer, Tensor x, String input) {
    Tensor codes = weights.get(layer + CODES);
    Tensor scales = weights.get(layer + SCALES);
    Tensor weight = weight(codes, scales, input, x.dtype());
    List<String> outputs =
        weight.shape().names().stream().filter(name -> !name.equals(input)).toList();
    Tensor product = x.dot(weight, x.dtype(), List.of(input));
    return Tensors.customVjp(
            List.of(x),
            List.of(product),
            cotangents -> {
              // The barrier keeps the backward pass from holding on to the forward pass' weight.
              List<Tensor> tied =
                  Tensors.barrier(
                      List.of(
                          Tensors.again(codes, cotangents.getFirst()),
                          Tensors.again(scales, cotangents.getFirst()),
                          cotangents.getFirst()));
              Tensor again = weight(tied.get(0), tied.get(1), input, x.dtype());
              return List.of(tied.get(2).dot(again, x.dtype(), outputs));
            })
        .getFirst();
  }

  /** The weight of a layer. */
  static Tensor weight(ParamMap<Tensor> weights, String layer, String input, DType dtype) {
    return weight(weights.get(layer + CODES), weights.get(layer + SCALES), input, dtype);
  }

  private static Tensor weight(Tensor codes, Tensor scales, String input, DType dtype) {
    if (codes.dtype() == DType.I8) {
      Tensor wide = codes.convert(DType.F32);
      return wide.times(scales.dividedBy(127).like(wide)).convert(dtype);
    }
    Tensor first = codes.binary(BinaryKind.SHIFT_RIGHT_LOGICAL, Tensors.fill(codes.shape(), 4));
    Tensor second = codes.binary(BinaryKind.AND, Tensors.fill(codes.shape(), 15));
    Tensor all = Tensors.stack(PAIR, List.of(first, second)).convert(DType.I32);
    Axis code = new Axis(CODE, TABLE.length);
    Tensor table =
        Tensors.literal(Shape.of(DType.F32, code), Arrays.stream(TABLE).boxed().toList());
    Tensor values = table.take(CODE, all.merge(List.of(HALF, PAIR), input));
    Axis blocks = scales.axis(BLOCKS);
    Tensor split = values.split(input, blocks, new Axis(WITHIN, BLOCK));
    return split.times(scales.like(split)).merge(List.of(BLOCKS, WITHIN), input).convert(dtype);
  }
}
