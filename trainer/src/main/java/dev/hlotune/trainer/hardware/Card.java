package dev.hlotune.trainer.hardware;

import dev.hlotune.hlo.DType;
import java.util.OptionalDouble;

/**
 * One device by its vendor's figures.
 *
 * @param name as its plugin names it
 * @param memory bytes of its memory
 * @param budget bytes of that which programs may use
 * @param bandwidth bytes a second between it and its memory
 * @param interconnect bytes a second that it can send to others beside it
 * @param sixteenBits floating-point operations a second of dense products in bfloat16 and float16
 */
public record Card(
    String name,
    long memory,
    long budget,
    double bandwidth,
    double interconnect,
    double sixteenBits) {
  /**
   * Operations a second of dense products. In float32 there is no figure: how much of a product
   * runs in a shorter format is the compiler's choice.
   */
  public OptionalDouble peak(DType dtype) {
    return switch (dtype) {
      case BF16, F16 -> OptionalDouble.of(sixteenBits);
      case F64, F32, I64, I32, I8, U32, U8, BOOL -> OptionalDouble.empty();
    };
  }
}
