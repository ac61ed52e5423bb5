package dev.hlotune.trainer.source;

import java.io.InputStream;
import java.util.SplittableRandom;

/** Gives bytes in pieces of random size, as files on slow disks and pipes may. */
final class Chunks extends InputStream {
  private final byte[] bytes;
  private final SplittableRandom random;
  private int next;

  Chunks(byte[] bytes, SplittableRandom random) {
    this.bytes = bytes;
    this.random = random;
  }

  @Override
  public int read() {
    return next < bytes.length ? bytes[next++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) {
    if (next == bytes.length) {
      return -1;
    }
    int most = 1 << random.nextInt(random.nextInt(4) == 0 ? 16 : 6);
    int count = Math.min(Math.min(length, bytes.length - next), 1 + random.nextInt(most));
    System.arraycopy(bytes, next, to, offset, count);
    next += count;
    return count;
  }
}
