package dev.hlotune.trainer.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor that is to be written to a file: what it is, and its bytes once they are asked for. So a
 * model is written from where it lies, a piece at a time, without a copy of the whole.
 */
public interface WritableTensor {
  /** Takes bytes in order. */
  @FunctionalInterface
  interface Sink {
    /** Takes the next bytes, which may change after the call. */
    void accept(MemorySegment piece) throws IOException;
  }

  /** The tensor's name in the file. */
  String name();

  /** The element type in the file. */
  StorageType type();

  /** The sizes of the dimensions, outermost first; empty for a scalar. */
  List<Long> shape();

  /** Gives all bytes, row-major and little-endian, in pieces. */
  void writeTo(Sink sink) throws IOException;

  /** How many bytes it gives. */
  default long byteSize() {
    return Math.multiplyExact(elementCount(), type().byteSize());
  }

  /** The number of elements. */
  default long elementCount() {
    return TensorEntry.elementCount(shape());
  }
}
