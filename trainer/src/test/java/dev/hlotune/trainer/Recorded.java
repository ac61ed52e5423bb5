package dev.hlotune.trainer;

import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A recorded tensor on the heap: its shape and its values, as floats or as integers. */
public final class Recorded {
  private final TensorEntry entry;

  private Recorded(TensorEntry entry) {
    this.entry = entry;
  }

  static Recorded of(TensorEntry entry) {
    byte[] bytes = entry.data().toArray(ValueLayout.JAVA_BYTE);
    return new Recorded(
        new TensorEntry(entry.name(), entry.type(), entry.shape(), MemorySegment.ofArray(bytes)));
  }

  /** The element type in the file. */
  public StorageType type() {
    return entry.type();
  }

  /** The sizes, outermost first. */
  public List<Long> shape() {
    return entry.shape();
  }

  /** The values, row-major; an IllegalStateException where they are integers. */
  public float[] floats() {
    return entry.toFloats();
  }

  /** The values, row-major; an IllegalStateException where they are floats. */
  public long[] longs() {
    return entry.toLongs();
  }

  /** The values as ints, row-major. */
  public int[] ints() {
    long[] values = longs();
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Math.toIntExact(values[i]);
    }
    return ints;
  }
}
