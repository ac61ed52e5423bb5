package dev.hlotune.trainer.step;

import dev.hlotune.hlo.nn.Quantization;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;

/**
 * Brings weights of a linear layer into few bits, see {@link Quantization}.
 *
 * @param kind how they are held
 * @param outputs of the layer
 * @param inputs of the layer
 */
record Quantizer(Quantization kind, int outputs, int inputs) {
  /** Halfway between one value of the table and the next. */
  private static final float[] LIMITS = limits();

  private static float[] limits() {
    double[] table = Quantization.table();
    float[] limits = new float[table.length - 1];
    for (int i = 0; i < limits.length; i++) {
      limits[i] = (float) ((table[i] + table[i + 1]) / 2);
    }
    return limits;
  }

  /** Bytes of the codes. */
  long codeBytes() {
    return (long) outputs * (kind == Quantization.NF4 ? inputs / 2 : inputs);
  }

  /** Bytes of the scales, f32. */
  long scaleBytes() {
    return (long) outputs
        * (kind == Quantization.NF4 ? inputs / Quantization.BLOCK : 1)
        * Float.BYTES;
  }

  /**
   * Quantizes, on all cores.
   *
   * @param weight row-major, {@code [out, in]} or {@code [in, out]}
   * @param inputsFirst whether it is the latter
   * @param codes takes {@link #codeBytes}
   * @param scales takes {@link #scaleBytes}
   */
  void quantize(float[] weight, boolean inputsFirst, MemorySegment codes, MemorySegment scales) {
    IntStream.range(0, outputs)
        .parallel()
        .forEach(output -> {
          float[] row = new float[inputs];
          for (int i = 0; i < inputs; i++) {
            row[i] = weight[inputsFirst ? i * outputs + output : output * inputs + i];
          }
          switch (kind) {
            case INT8 -> eightBits(row, output, codes, scales);
            case NF4 -> fourBits(row, output, codes, scales);
          }
        });
  }

  private void eightBits(float[] row, int output, MemorySegment codes, MemorySegment scales) {
    float largest = largest(row, 0, inputs);
    scales.setAtIndex(ValueLayout.JAVA_FLOAT, output, largest);
    float factor = largest == 0 ? 0 : 127 / largest;
    for (int i = 0; i < inputs; i++) {
      codes.set(
          ValueLayout.JAVA_BYTE, (long) output * inputs + i, (byte) Math.rint(row[i] * factor));
    }
  }

  private void fourBits(float[] row, int output, MemorySegment codes, MemorySegment scales) {
    int blocks = inputs / Quantization.BLOCK;
    for (int block = 0; block < blocks; block++) {
      int from = block * Quantization.BLOCK;
      float largest = largest(row, from, from + Quantization.BLOCK);
      scales.setAtIndex(ValueLayout.JAVA_FLOAT, (long) output * blocks + block, largest);
      float factor = largest == 0 ? 0 : 1 / largest;
      for (int i = from; i < from + Quantization.BLOCK; i += 2) {
        int pair = nearest(row[i] * factor) << 4 | nearest(row[i + 1] * factor);
        codes.set(ValueLayout.JAVA_BYTE, ((long) output * inputs + i) / 2, (byte) pair);
      }
    }
  }

  private static float largest(float[] row, int from, int to) {
    float largest = 0;
    for (int i = from; i < to; i++) {
      largest = Math.max(largest, Math.abs(row[i]));
    }
    return largest;
  }

  /** The code of the value nearest to one between -1 and 1. */
  private static int nearest(float value) {
    int code = 0;
    for (int step = 8; step > 0; step /= 2) {
      if (value > LIMITS[code + step - 1]) {
        code += step;
      }
    }
    return code;
  }
}
