package dev.hlotune.trainer.step;

import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.trainer.checkpoint.FloatConversion;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A tensor of a file that still lies on the device: a whole buffer, or one layer of it. It is read
 * a piece at a time when it is written; from a device that does not keep arrays dense, whole.
 *
 * @param name its name in the file
 * @param type its type in the file
 * @param shape its sizes
 * @param buffer where it lies, open as long as this is used
 * @param held its type there
 * @param first which of the buffer's elements is its first
 * @param dense whether parts of the buffer can be read
 */
record DeviceTensor(
    String name,
    StorageType type,
    List<Long> shape,
    DeviceBuffer buffer,
    StorageType held,
    long first,
    boolean dense)
    implements WritableTensor {
  private static final long PIECE = 4L << 20;

  DeviceTensor {
    shape = List.copyOf(shape);
  }

  @Override
  public void writeTo(Sink sink) throws IOException {
    long count = elementCount();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment read =
          arena.allocate(
              Math.max(8, dense ? Math.min(PIECE, count) * 8 : buffer.type().byteSize()), 64);
      if (!dense) {
        buffer.read(read.asSlice(0, buffer.type().byteSize()));
      }
      MemorySegment converted =
          held == type ? MemorySegment.NULL : arena.allocate(Math.min(PIECE, count) * 8, 64);
      for (long at = 0; at < count; at += PIECE) {
        long size = Math.min(PIECE, count - at);
        long offset = (first + at) * held.byteSize();
        long bytes = size * held.byteSize();
        MemorySegment piece = read.asSlice(dense ? 0 : offset, bytes);
        if (dense) {
          buffer.readPart(piece, offset);
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
