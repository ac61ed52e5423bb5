package dev.hlotune.trainer.step;

import dev.hlotune.trainer.checkpoint.FloatConversion;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor of a file that still lies where it is trained: a whole array, or one layer of it. It is
 * read a piece at a time when it is written; from a device that does not keep arrays dense, whole.
 *
 * @param name its name in the file
 * @param type its type in the file
 * @param shape its sizes
 * @param array where it lies
 * @param held its type there
 * @param first which of the array's elements is its first
 */
record HeldTensor(
    String name, StorageType type, List<Long> shape, HeldArray array, StorageType held, long first)
    implements WritableTensor {
  private static final long PIECE = 4L << 20;

  HeldTensor {
    shape = List.copyOf(shape);
  }

  @Override
  public void writeTo(Sink sink) throws IOException {
    long count = elementCount();
    boolean parts = array.hasParts();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment read =
          arena.allocate(Math.max(8, parts ? Math.min(PIECE, count) * 8 : array.byteSize()), 64);
      if (!parts) {
        array.read(read.asSlice(0, array.byteSize()));
      }
      MemorySegment converted =
          held == type ? MemorySegment.NULL : arena.allocate(Math.min(PIECE, count) * 8, 64);
      for (long at = 0; at < count; at += PIECE) {
        long size = Math.min(PIECE, count - at);
        long offset = (first + at) * held.byteSize();
        long bytes = size * held.byteSize();
        MemorySegment piece = read.asSlice(parts ? 0 : offset, bytes);
        if (parts) {
          array.readPart(piece, offset);
        }
        if (held != type) {
          MemorySegment target = converted.asSlice(0, size * type.byteSize());
          FloatConversion.convert(piece, held, target, type);
          piece = target;
        }
        sink.accept(piece);
      }
    }
  }
}
