package dev.hlotune.pjrt.web;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A body that is given up when nothing comes of it for too long. Java's client limits only the time
 * to the head of an answer; after that, a connection that has died without a word would be waited
 * for without end.
 */
final class WatchedBody extends InputStream {
  private static final long NOT_READING = Long.MIN_VALUE;

  private final InputStream in;
  private final Duration limit;
  private final AtomicLong since = new AtomicLong(NOT_READING);
  private volatile boolean stalled;
  private volatile boolean closed;

  private WatchedBody(InputStream in, Duration limit) {
    this.in = in;
    this.limit = limit;
  }

  static InputStream of(InputStream in, Duration limit) {
    WatchedBody body = new WatchedBody(in, limit);
    Thread.ofVirtual().name("watch-body").start(body::watch);
    return body;
  }

  private void watch() {
    try {
      while (!closed) {
        Thread.sleep(Math.max(10, limit.toMillis() / 4));
        long start = since.get();
        if (start != NOT_READING && System.nanoTime() - start > limit.toNanos()) {
          stalled = true;
          in.close();
          return;
        }
      }
    } catch (InterruptedException | IOException ended) {
      // Whoever reads finds out.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    since.set(System.nanoTime());
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      if (stalled) {
        throw new IOException("no data for " + Patience.text(limit), e);
      }
      throw e;
    } finally {
      since.set(NOT_READING);
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    in.close();
  }
}
