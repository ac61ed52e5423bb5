package dev.hlotune.trainer.watch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The framing of {@code run-ID.wandb}: LevelDB's log format with another checksum. The file begins
 * with seven bytes: {@code :W&B}, the number 0xBEE1 and version 0. Blocks of 32 KiB follow, counted
 * from the beginning of the file. A record lies in one or more pieces, each with a head of seven
 * bytes: CRC-32 of its type and its bytes, its length, and whether it is all, the first, a middle
 * or the last piece. Where a block has no room for a head, it ends in zeros.
 */
final class WandbLog {
  private static final int BLOCK = 1 << 15;
  private static final int HEAD = 7;
  private static final int MAGIC = 0xbee1;
  private static final byte ALL = 1;
  private static final byte FIRST = 2;
  private static final byte MIDDLE = 3;
  private static final byte LAST = 4;

  private WandbLog() {}

  /** A record as it stands in the file from {@code start} on, at its beginning with the file's. */
  static byte[] framed(long start, byte[] record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (start == 0) {
      out.writeBytes(
          ByteBuffer.allocate(HEAD)
              .order(ByteOrder.LITTLE_ENDIAN)
              .put(":W&B".getBytes(StandardCharsets.US_ASCII))
              .putShort((short) MAGIC)
              .put((byte) 0)
              .array());
    }
    int from = 0;
    do {
      int left = BLOCK - (int) ((start + out.size()) % BLOCK);
      if (left < HEAD) {
        out.writeBytes(new byte[left]);
        left = BLOCK;
      }
      int length = Math.min(record.length - from, left - HEAD);
      boolean last = from + length == record.length;
      byte type = from == 0 ? last ? ALL : FIRST : last ? LAST : MIDDLE;
      out.writeBytes(piece(type, record, from, length));
      from += length;
    } while (from < record.length);
    return out.toByteArray();
  }

  private static byte[] piece(byte type, byte[] record, int from, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(type);
    checksum.update(record, from, length);
    return ByteBuffer.allocate(HEAD + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) checksum.getValue())
        .putShort((short) length)
        .put(type)
        .put(record, from, length)
        .array();
  }
}
