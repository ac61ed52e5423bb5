package dev.hlotune.trainer.source;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Unpacks LZ4: blocks, as Parquet pages have them, and frames, as Arrow buffers have them.
 *
 * @see <a href="https://github.com/lz4/lz4/tree/dev/doc">the formats</a>
 */
final class Lz4 {
  private static final int MAGIC = 0x184D2204;

  private Lz4() {}

  /**
   * Unpacks one block.
   *
   * @param size how long it is unpacked
   * @throws RuntimeException if it is broken
   */
  static byte[] block(byte[] packed, int offset, int size) {
    byte[] out = new byte[size];
    check(size, block(packed, offset, packed.length, out, 0));
    return out;
  }

  /**
   * Unpacks a frame; its checksums are not looked at.
   *
   * @param size how long it is unpacked
   * @throws RuntimeException if it is broken
   */
  static byte[] frame(byte[] packed, int offset, int size) {
    if (int32(packed, offset) != MAGIC) {
      throw new IllegalArgumentException("expected an LZ4 frame, got something else");
    }
    int flags = packed[offset + 4];
    boolean blockChecksums = (flags & 0x10) != 0;
    boolean contentSize = (flags & 0x08) != 0;
    boolean dictionary = (flags & 0x01) != 0;
    int in = offset + 7 + (contentSize ? 8 : 0) + (dictionary ? 4 : 0);
    byte[] out = new byte[size];
    int written = 0;
    for (int header = int32(packed, in); header != 0; header = int32(packed, in)) {
      in += 4;
      int length = header & Integer.MAX_VALUE;
      if (header < 0) {
        System.arraycopy(packed, in, out, written, length);
        written += length;
      } else {
        written = block(packed, in, Math.addExact(in, length), out, written);
      }
      in += length + (blockChecksums ? 4 : 0);
    }
    check(size, written);
    return out;
  }

  private static void check(int size, int written) {
    if (written != size) {
      throw new IllegalArgumentException("expected " + size + " bytes, got " + written);
    }
  }

  /** Unpacks a block behind what is already there; gives where that ends. */
  private static int block(byte[] packed, int from, int to, byte[] out, int at) {
    int in = from;
    int written = at;
    while (in < to) {
      int token = packed[in++] & 0xFF;
      int literals = token >>> 4;
      if (literals == 15) {
        int more;
        do {
          more = packed[in++] & 0xFF;
          literals += more;
        } while (more == 255);
      }
      System.arraycopy(packed, in, out, written, literals);
      in += literals;
      written += literals;
      if (in >= to) {
        break; // The last sequence is literals alone.
      }
      int distance = (packed[in] & 0xFF) | ((packed[in + 1] & 0xFF) << 8);
      in += 2;
      int length = token & 15;
      if (length == 15) {
        int more;
        do {
          more = packed[in++] & 0xFF;
          length += more;
        } while (more == 255);
      }
      length += 4;
      Snappy.repeat(out, written, distance, length);
      written += length;
    }
    return written;
  }

  private static int int32(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes, offset, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }
}
