package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import java.util.ArrayList;
import java.util.List;

/** Operations that move elements about and compute nothing, sums of scattered ones apart. */
final class Movement {
  private Movement() {}

  static NdArray iota(Shape shape, String axis) {
    Shape line = Shape.of(shape.dtype(), shape.axis(axis));
    int[] offsets = Offsets.of(shape.axes(), line);
    double[] values = new double[offsets.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Rounding.round(shape.dtype(), offsets[i]);
    }
    return new NdArray(shape, values);
  }

  static NdArray broadcast(NdArray operand, Shape shape) {
    return operand.gather(shape, Offsets.of(shape.axes(), operand.shape()));
  }

  /** The merged axes are brought next to each other, in the order given, and read as one. */
  static NdArray merge(NdArray operand, Op.Merge merge, Shape result) {
    List<Axis> order = new ArrayList<>();
    for (Axis axis : operand.shape().axes()) {
      if (axis.name().equals(merge.axes().getFirst())) {
        merge.axes().forEach(name -> order.add(operand.shape().axis(name)));
      } else if (!merge.axes().contains(axis.name())) {
        order.add(axis);
      }
    }
    return new NdArray(result, operand.ordered(order).values());
  }

  static NdArray slice(NdArray operand, String axis, int start, Shape result) {
    return operand.gather(result, Offsets.from(result.axes(), operand.shape(), axis, start));
  }

  static NdArray dynamicSlice(NdArray operand, String axis, double start, Shape result) {
    return slice(operand, axis, clamp(start, operand, axis, result.axis(axis).size()), result);
  }

  static NdArray pad(NdArray operand, String axis, int before, Shape result) {
    NdArray padded = NdArray.filled(result, 0);
    put(operand, padded, axis, before);
    return padded;
  }

  static NdArray concat(List<NdArray> operands, String axis, Shape result) {
    NdArray whole = NdArray.filled(result, 0);
    int start = 0;
    for (NdArray operand : operands) {
      put(operand, whole, axis, start);
      start += operand.shape().axis(axis).size();
    }
    return whole;
  }

  static NdArray dynamicUpdate(NdArray operand, String axis, double start, NdArray update) {
    NdArray updated = new NdArray(operand.shape(), operand.values().clone());
    put(update, updated, axis, clamp(start, operand, axis, update.shape().axis(axis).size()));
    return updated;
  }

  static NdArray take(NdArray operand, String axis, NdArray indices, Shape result) {
    int[] base = Offsets.skipping(result.axes(), operand.shape(), axis);
    int[] index = Offsets.of(result.axes(), indices.shape());
    int stride = Offsets.stride(operand.shape(), axis);
    for (int i = 0; i < base.length; i++) {
      base[i] += stride * clamp(indices.values()[index[i]], operand, axis, 1);
    }
    return operand.gather(result, base);
  }

  static NdArray scatterAdd(NdArray operand, String axis, NdArray indices, NdArray updates) {
    int size = operand.shape().axis(axis).size();
    List<Axis> walk = updates.shape().axes();
    int[] base = Offsets.skipping(walk, operand.shape(), axis);
    int[] index = Offsets.of(walk, indices.shape());
    int stride = Offsets.stride(operand.shape(), axis);
    DType dtype = operand.shape().dtype();
    double[] sums = operand.values().clone();
    for (int i = 0; i < base.length; i++) {
      double at = indices.values()[index[i]];
      if (at >= 0 && at < size) {
        int target = base[i] + stride * (int) at;
        sums[target] = Arithmetic.add(dtype, sums[target], updates.values()[i]);
      }
    }
    return new NdArray(operand.shape(), sums);
  }

  /** The same bits as another type; both have the same width. */
  static double bitcast(double value, DType from, DType to) {
    if (from == to) {
      return value;
    }
    if (from.bits() == Long.SIZE) {
      throw new ShapeException(
          "evaluation of a bitcast: expected at most 32 bits, got " + from + " to " + to);
    }
    return fromBits(toBits(Rounding.round(from, value), from), to);
  }

  private static int toBits(double value, DType dtype) {
    return switch (dtype) {
      case F32 -> Float.floatToRawIntBits((float) value);
      case BF16 -> Float.floatToRawIntBits((float) value) >>> 16;
      case F16 -> Float.floatToFloat16((float) value) & 0xFFFF;
      case I32, U32, I8, U8, BOOL -> (int) (long) value;
      case F64, I64 -> throw new IllegalArgumentException("bits: got " + dtype);
    };
  }

  private static double fromBits(int bits, DType dtype) {
    return switch (dtype) {
      case F32 -> Float.intBitsToFloat(bits);
      case BF16 -> Float.intBitsToFloat(bits << 16);
      case F16 -> Float.float16ToFloat((short) bits);
      case I32, U32, I8, U8, BOOL -> Rounding.wrap(dtype, bits);
      case F64, I64 -> throw new IllegalArgumentException("bits: got " + dtype);
    };
  }

  /** Writes {@code part} into {@code whole} from {@code start} on along an axis it may lack. */
  static void put(NdArray part, NdArray whole, String axis, int start) {
    int[] offsets = Offsets.from(part.shape().axes(), whole.shape(), axis, start);
    for (int i = 0; i < offsets.length; i++) {
      whole.values()[offsets[i]] = part.values()[i];
    }
  }

  /** A start brought within the axis, so that {@code size} positions from it exist. */
  private static int clamp(double start, NdArray operand, String axis, int size) {
    return (int) Math.clamp(start, 0.0, operand.shape().axis(axis).size() - size);
  }
}
