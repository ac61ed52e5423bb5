package dev.hlotune.trainer.source;

import java.lang.foreign.MemorySegment;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;
import org.jspecify.annotations.Nullable;

/** The buffers of one batch in the order of its fields, unpacked on the way. */
final class ArrowBuffers {
  private final RecordBatch batch;
  private final MemorySegment body;
  private final @Nullable BodyCompression compression;
  private int node;
  private int buffer;
  private int variadic;
  private long size;

  ArrowBuffers(RecordBatch batch, MemorySegment body) {
    this.batch = batch;
    this.body = body;
    this.compression = batch.compression();
    if (batch.length() < 0
        || (batch.nodesLength() > 0 && batch.nodes(0).length() != batch.length())) {
      throw new IllegalArgumentException(
          "expected a column of %d rows, got one of %d"
              .formatted(batch.length(), batch.nodes(0).length()));
    }
  }

  /** The next field: how many values it has. */
  long length() {
    FieldNode next = batch.nodes(node++);
    return next.length();
  }

  /** How many further buffers the next field of views has. */
  int variadic() {
    return Math.toIntExact(batch.variadicBufferCounts(variadic++));
  }

  /** The next buffer. */
  MemorySegment next() {
    Buffer next = batch.buffers(buffer++);
    MemorySegment bytes = body.asSlice(next.offset(), next.length());
    MemorySegment unpacked =
        compression == null || bytes.byteSize() == 0 ? bytes : unpacked(bytes, compression);
    size += unpacked.byteSize();
    return unpacked;
  }

  /** Bytes of the buffers so far, unpacked. */
  long size() {
    return size;
  }

  private static MemorySegment unpacked(MemorySegment bytes, BodyCompression compression) {
    long length = bytes.get(ArrowVector.INT64, 0);
    if (length == -1) {
      return bytes.asSlice(8);
    }
    byte[] packed = ArrowVector.bytes(bytes, 8, bytes.byteSize() - 8);
    // No codec makes more of so few bytes: a broken length is not to take all memory.
    if (length < 0 || length > Integer.MAX_VALUE - 8 || length > packed.length * 100_000L) {
      throw new IllegalArgumentException(
          "expected a buffer of a possible length, got " + length + " bytes from " + packed.length);
    }
    int size = (int) length;
    return MemorySegment.ofArray(
        switch (compression.codec()) {
          case CompressionType.LZ4_FRAME -> Lz4.frame(packed, 0, size);
          case CompressionType.ZSTD -> PageCodec.zstd(packed, 0, size);
          default ->
              throw new IllegalArgumentException(
                  "expected buffers packed by lz4 or zstd, got codec " + compression.codec());
        });
  }
}
