package dev.hlotune.trainer.source;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks gzip, of one member or several. Unlike the JDK's stream it refuses what it cannot read
 * behind the first member, where a cut file could pass for a whole one; only zeros may follow.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipInput extends InputStream {
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[1 << 16];
  private int next;
  private int limit;
  private boolean ended;

  /**
   * Begins to unpack.
   *
   * @throws IOException if this is no gzip
   */
  GzipInput(InputStream in) throws IOException {
    this.in = in;
    header(raw());
  }

  /** The next packed byte, or -1. */
  private int raw() throws IOException {
    return next < limit || fill() ? buffer[next++] & 0xFF : -1;
  }

  private boolean fill() throws IOException {
    next = 0;
    limit = Math.max(0, in.read(buffer, 0, buffer.length));
    return limit > 0;
  }

  private int some() throws IOException {
    int value = raw();
    if (value < 0) {
      throw new EOFException("Unexpected end of ZLIB input stream");
    }
    return value;
  }

  private long number(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) some() << (8 * i);
    }
    return value;
  }

  private void header(int first) throws IOException {
    if (first != 0x1F || raw() != 0x8B) {
      throw new ZipException("Not in GZIP format");
    }
    if (some() != 8) {
      throw new ZipException("Unsupported compression method");
    }
    int flags = some();
    number(6); // Time, level and system.
    if ((flags & EXTRA) != 0) {
      for (long i = number(2); i > 0; i--) {
        some();
      }
    }
    for (int text : new int[] {NAME, COMMENT}) {
      if ((flags & text) != 0) {
        while (some() != 0) {
          // To its end.
        }
      }
    }
    if ((flags & HEADER_CRC) != 0) {
      number(2);
    }
    inflater.reset();
    crc.reset();
  }

  /** Reads what is behind the data of a member, and goes on to the next one if there is one. */
  private void trailer() throws IOException {
    next = limit - inflater.getRemaining();
    long written = inflater.getBytesWritten() & 0xFFFF_FFFFL;
    if (number(4) != crc.getValue() || number(4) != written) {
      throw new ZipException("Corrupt GZIP trailer");
    }
    int first = raw();
    while (first == 0) {
      first = raw();
    }
    if (first < 0) {
      ended = true;
    } else {
      header(first);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    while (!ended && length > 0) {
      if (inflater.finished()) {
        trailer();
        continue;
      }
      if (inflater.needsInput()) {
        if (next == limit && !fill()) {
          throw new EOFException("Unexpected end of ZLIB input stream");
        }
        inflater.setInput(buffer, next, limit - next);
        next = limit;
      }
      try {
        int count = inflater.inflate(to, offset, length);
        if (count > 0) {
          crc.update(to, offset, count);
          return count;
        }
      } catch (DataFormatException e) {
        throw new ZipException(e.getMessage() == null ? "Invalid ZLIB data" : e.getMessage());
      }
      if (inflater.needsDictionary()) {
        throw new ZipException("Unsupported dictionary");
      }
    }
    return length > 0 ? -1 : 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
