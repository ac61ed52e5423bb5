package dev.hlotune.trainer.source;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;

/** Unpacks the pages of Parquet files. */
final class PageCodec {
  private PageCodec() {}

  /**
   * Unpacks a page, or gives nothing where the codec is not known.
   *
   * @param page holds the packed bytes, from a position to its end
   * @param size how long it is unpacked
   * @throws RuntimeException if it is broken
   */
  static Optional<byte[]> unpack(CompressionCodec codec, byte[] page, int from, int size) {
    if (size == 0) {
      return Optional.of(new byte[0]); // Whatever the codec makes of nothing.
    }
    byte[] unpacked =
        switch (codec) {
          case UNCOMPRESSED -> from == 0 ? page : Arrays.copyOfRange(page, from, page.length);
          case SNAPPY -> Snappy.unpack(page, from, size);
          case GZIP -> gzip(page, from, size);
          case ZSTD -> zstd(page, from, size);
          case LZ4_RAW -> Lz4.block(page, from, size);
          case LZ4, LZO, BROTLI -> null;
        };
    if (unpacked != null && unpacked.length != size) {
      throw new IllegalArgumentException("expected " + size + " bytes, got " + unpacked.length);
    }
    return Optional.ofNullable(unpacked);
  }

  private static byte[] gzip(byte[] page, int from, int size) {
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(page, from, page.length - from))) {
      byte[] unpacked = in.readNBytes(size);
      if (in.read() >= 0) {
        throw new IllegalArgumentException("expected " + size + " bytes, got more");
      }
      return unpacked;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unpacks zstd of a known size, from a position to the end. */
  static byte[] zstd(byte[] packed, int from, int size) {
    byte[] unpacked = new byte[size];
    long result = Zstd.decompressByteArray(unpacked, 0, size, packed, from, packed.length - from);
    if (Zstd.isError(result) || result != size) {
      throw new IllegalArgumentException(
          Zstd.isError(result)
              ? Zstd.getErrorName(result)
              : "expected " + size + " bytes, got " + result);
    }
    return unpacked;
  }
}
