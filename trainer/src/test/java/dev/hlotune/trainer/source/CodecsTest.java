package dev.hlotune.trainer.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.airlift.compress.Compressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.snappy.SnappyCompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

/** What other libraries packed is unpacked to the same bytes. */
class CodecsTest {
  private final SplittableRandom random = new SplittableRandom(7);

  /** Bytes with literals and repetitions of all lengths and distances. */
  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    int i = 0;
    while (i < length) {
      int run = Math.min(length - i, 1 + (int) Math.pow(random.nextDouble() * 30, 3));
      if (i > 0 && random.nextInt(3) > 0) {
        int distance = 1 + random.nextInt(random.nextBoolean() ? Math.min(i, 8) : i);
        for (int end = i + run; i < end; i++) {
          bytes[i] = bytes[i - distance];
        }
      } else {
        for (int end = i + run; i < end; i++) {
          bytes[i] = (byte) random.nextInt();
        }
      }
    }
    return bytes;
  }

  private int length(int round) {
    return round < 70 ? round : random.nextInt(200_000);
  }

  private static byte[] packed(Compressor compressor, byte[] bytes) {
    byte[] packed = new byte[compressor.maxCompressedLength(bytes.length)];
    int length = compressor.compress(bytes, 0, bytes.length, packed, 0, packed.length);
    return Arrays.copyOf(packed, length);
  }

  private static byte[] behind(int offset, byte[] bytes) {
    byte[] moved = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, moved, offset, bytes.length);
    return moved;
  }

  @Test
  void snappyBlocksAreUnpacked() {
    for (int round = 0; round < 300; round++) {
      byte[] bytes = bytes(length(round));
      byte[] packed = packed(new SnappyCompressor(), bytes);
      assertArrayEquals(bytes, Snappy.unpack(behind(3, packed), 3, bytes.length));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> Snappy.unpack(packed(new SnappyCompressor(), bytes(50)), 0, 49));
  }

  @Test
  void lz4BlocksAreUnpacked() {
    for (int round = 1; round < 300; round++) {
      byte[] bytes = bytes(length(round));
      byte[] packed = packed(new Lz4Compressor(), bytes);
      assertArrayEquals(bytes, Lz4.block(behind(5, packed), 5, bytes.length));
    }
  }

  /** Frames with all options, of blocks that were packed by themselves or not at all. */
  @Test
  void lz4FramesAreUnpacked() {
    for (int round = 0; round < 100; round++) {
      boolean contentSize = random.nextBoolean();
      boolean checksums = random.nextBoolean();
      ByteBuffer frame = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
      frame.putInt(0x184D2204);
      frame.put((byte) (0x60 | (checksums ? 0x14 : 0) | (contentSize ? 8 : 0))).put((byte) 0x40);
      if (contentSize) {
        frame.putLong(0);
      }
      frame.put((byte) 0);
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      for (int block = random.nextInt(4); block > 0; block--) {
        byte[] bytes = bytes(1 + random.nextInt(60_000));
        boolean stored = random.nextInt(3) == 0;
        byte[] packed = stored ? bytes : packed(new Lz4Compressor(), bytes);
        frame.putInt(packed.length | (stored ? 1 << 31 : 0)).put(packed);
        if (checksums) {
          frame.putInt(42);
        }
        whole.writeBytes(bytes);
      }
      frame.putInt(0);
      byte[] packed = Arrays.copyOf(frame.array(), frame.position());
      assertArrayEquals(whole.toByteArray(), Lz4.frame(packed, 0, whole.size()));
    }
  }

  /** Broken blocks end in an exception, whatever is broken. */
  @Test
  void brokenBlocksAreRefused() {
    for (int round = 0; round < 2_000; round++) {
      byte[] bytes = bytes(1 + random.nextInt(300));
      byte[] snappy = packed(new SnappyCompressor(), bytes);
      byte[] lz4 = packed(new Lz4Compressor(), bytes);
      snappy[random.nextInt(snappy.length)] ^= (byte) (1 << random.nextInt(8));
      lz4[random.nextInt(lz4.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertEquals(bytes.length, Snappy.unpack(snappy, 0, bytes.length).length);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        // As it should be.
      }
      try {
        assertEquals(bytes.length, Lz4.block(lz4, 0, bytes.length).length);
      } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
        // As it should be.
      }
    }
  }

  @Test
  void gzipIsUnpackedWhateverItsHeader() throws IOException {
    for (int round = 0; round < 60; round++) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      for (int member = 1 + random.nextInt(3); member > 0; member--) {
        byte[] bytes = bytes(random.nextInt(100_000));
        whole.writeBytes(bytes);
        if (random.nextBoolean()) {
          try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
          }
        } else {
          packed.writeBytes(member(bytes, random.nextInt(32) & ~1));
        }
      }
      packed.writeBytes(new byte[random.nextInt(20)]);
      try (GzipInput in = new GzipInput(new Chunks(packed.toByteArray(), random))) {
        assertArrayEquals(whole.toByteArray(), in.readAllBytes());
      }
      packed.write(1);
      try (GzipInput in = new GzipInput(new ByteArrayInputStream(packed.toByteArray()))) {
        assertThrows(ZipException.class, in::readAllBytes);
      }
    }
  }

  /** A member with the optional parts of a header that these flags ask for. */
  private static byte[] member(byte[] bytes, int flags) {
    ByteBuffer out = ByteBuffer.allocate(bytes.length + 1_000).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {0x1F, (byte) 0x8B, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
    if ((flags & 4) != 0) {
      out.putShort((short) 5).put("extra".getBytes(StandardCharsets.US_ASCII));
    }
    if ((flags & 8) != 0) {
      out.put("name\0".getBytes(StandardCharsets.US_ASCII));
    }
    if ((flags & 16) != 0) {
      out.put("comment\0".getBytes(StandardCharsets.US_ASCII));
    }
    if ((flags & 2) != 0) {
      out.putShort((short) 0);
    }
    Deflater deflater = new Deflater(6, true);
    deflater.setInput(bytes);
    deflater.finish();
    while (!deflater.finished()) {
      deflater.deflate(out);
    }
    deflater.end();
    CRC32 crc = new CRC32();
    crc.update(bytes);
    out.putInt((int) crc.getValue()).putInt(bytes.length);
    return Arrays.copyOf(out.array(), out.position());
  }
}
