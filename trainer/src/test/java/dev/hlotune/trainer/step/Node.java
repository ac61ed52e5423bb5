package dev.hlotune.trainer.step;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;

/**
 * A tensor of a random graph with what is known of its values.
 *
 * @param bound of the absolute values
 * @param error between what is computed and the exact result, at most; 0 where every device must
 *     give the same bits
 */
record Node(Tensor tensor, double bound, double error) {
  static Node exact(Tensor tensor, double bound) {
    return new Node(tensor, bound, 0);
  }

  /**
   * A computed float: the operands' errors as they come through, and a few units in the last place
   * for the operation itself.
   */
  static Node computed(Tensor tensor, double bound, double propagated) {
    return new Node(tensor, bound, propagated + 8 * unit(tensor.dtype()) * Math.max(bound, 1));
  }

  /** The same values moved about. */
  Node moved(Tensor result) {
    return new Node(result, bound, error);
  }

  boolean isExact() {
    return error == 0;
  }

  boolean isFloat() {
    return tensor.dtype().isFloat();
  }

  /** Relative error of rounding to nearest. */
  static double unit(DType dtype) {
    return switch (dtype) {
      case F64 -> 0x1p-53;
      case F32 -> 0x1p-24;
      case F16 -> 0x1p-11;
      case BF16 -> 0x1p-8;
      case I32, I64, U32, I8, U8, BOOL -> 0;
    };
  }
}
