package dev.hlotune.trainer.source;

/**
 * Unpacks blocks of Snappy's raw format, as Parquet pages have them.
 *
 * @see <a href="https://github.com/google/snappy/blob/main/format_description.txt">the format</a>
 */
final class Snappy {
  private Snappy() {}

  /**
   * Unpacks a block.
   *
   * @param packed holds the block, from a position to its end
   * @param size how long it is unpacked
   * @throws RuntimeException if it is broken
   */
  static byte[] unpack(byte[] packed, int offset, int size) {
    int in = offset;
    long declared = 0;
    for (int shift = 0; ; shift += 7) {
      int next = packed[in++];
      declared |= (next & 0x7FL) << shift;
      if (next >= 0) {
        break;
      }
    }
    if (declared != size) {
      throw new IllegalArgumentException("expected " + size + " bytes, got " + declared);
    }
    byte[] out = new byte[size];
    int written = 0;
    while (in < packed.length) {
      int tag = packed[in++] & 0xFF;
      int length = (tag >>> 2) + 1;
      switch (tag & 3) {
        case 0 -> {
          int extra = Math.max(0, length - 60);
          if (extra > 0) {
            length = littleEndian(packed, in, extra) + 1;
            in += extra;
          }
          System.arraycopy(packed, in, out, written, length);
          in += length;
        }
        case 1 -> {
          length = ((tag >>> 2) & 7) + 4;
          repeat(out, written, ((tag >>> 5) << 8) | (packed[in++] & 0xFF), length);
        }
        case 2 -> {
          repeat(out, written, littleEndian(packed, in, 2), length);
          in += 2;
        }
        default -> {
          repeat(out, written, littleEndian(packed, in, 4), length);
          in += 4;
        }
      }
      written += length;
    }
    if (written != size) {
      throw new IllegalArgumentException("expected " + size + " bytes, got " + written);
    }
    return out;
  }

  private static int littleEndian(byte[] bytes, int offset, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[offset + i] & 0xFF) << (8 * i);
    }
    return value;
  }

  /** Writes again what stands some bytes before; both may overlap, which repeats a pattern. */
  static void repeat(byte[] out, int at, int distance, int length) {
    if (distance <= 0 || distance > at) {
      throw new IllegalArgumentException("expected a distance up to " + at + ", got " + distance);
    }
    if (distance >= length) {
      System.arraycopy(out, at - distance, out, at, length);
    } else {
      for (int i = at; i < at + length; i++) {
        out[i] = out[i - distance];
      }
    }
  }
}
