package dev.hlotune.trainer.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/** An open Parquet file: its footer, and reading at any place. */
final class ParquetFile implements AutoCloseable {
  private static final String EXPECTED = "a Parquet file";
  private static final int MAGIC = 4;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final FileMetaData meta;

  private ParquetFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
    this.meta = footer();
  }

  /**
   * Opens a file and reads its footer.
   *
   * @throws DataException if it is no Parquet file, or not a whole one
   */
  static ParquetFile open(Path path) {
    FileInput.checkFile(path, EXPECTED);
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new ParquetFile(path, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw FileInput.unreadable(path, Compression.NONE, e);
    }
  }

  private FileMetaData footer() throws IOException {
    byte[] head = bytes(0, (int) Math.min(size, Magic.LENGTH));
    Magic magic = Magic.of(head);
    if (magic != Magic.PARQUET) {
      throw new DataException(path, "expected " + EXPECTED + ", got " + magic.label());
    }
    int tailLength = 4 + MAGIC;
    ByteBuffer tail = ByteBuffer.wrap(bytes(Math.max(0, size - tailLength), tailLength));
    long length = tail.order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    long start = size - tailLength - length;
    Magic end = Magic.of(Arrays.copyOfRange(tail.array(), 4, tailLength));
    if (end != Magic.PARQUET || length <= 0 || start < MAGIC) {
      throw new DataException(
          path, "expected a whole Parquet file, got one without its end; copy it again");
    }
    FileMetaData footer;
    try {
      footer = Util.readFileMetaData(new ByteArrayInputStream(bytes(start, (int) length)));
    } catch (IOException | RuntimeException e) {
      throw new DataException(path, "broken Parquet footer: " + firstLine(e), e);
    }
    long rows = footer.getRow_groups().stream().mapToLong(RowGroup::getNum_rows).sum();
    if (rows != footer.getNum_rows()
        || footer.getRow_groups().stream().anyMatch(group -> group.getNum_rows() < 0)) {
      throw new DataException(
          path,
          "broken Parquet footer: expected %d rows in its groups, got %d"
              .formatted(footer.getNum_rows(), rows));
    }
    return footer;
  }

  FileMetaData meta() {
    return meta;
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /** Something wrong with a column of the file. */
  DataException broken(String column, String problem) {
    return new DataException(new Origin(path, 0), column, problem);
  }

  /** What an error says, in one line. */
  static String firstLine(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  /** The bytes from one place to another. */
  Input input(long from, long to) {
    if (from < 0 || to < from || to > size) {
      throw new DataException(
          path,
          "expected a whole Parquet file, got one of %d bytes whose data is in %d to %d"
              .formatted(size, from, to));
    }
    return new Input(from, to);
  }

  private byte[] bytes(long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        break;
      }
    }
    return buffer.array();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw FileInput.unreadable(path, Compression.NONE, e);
    }
  }

  /** A part of the file, read forwards. */
  final class Input extends InputStream {
    private static final int BUFFER = 1 << 13;

    private long position;
    private final long end;
    private byte[] buffer = new byte[0];
    private int next;

    private Input(long from, long to) {
      this.position = from;
      this.end = to;
    }

    long remaining() {
      return end - position + buffer.length - next;
    }

    @Override
    public int read() throws IOException {
      if (next == buffer.length && !fill()) {
        return -1;
      }
      return buffer[next++] & 0xFF;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      if (next == buffer.length && !fill()) {
        return -1;
      }
      int count = Math.min(length, buffer.length - next);
      System.arraycopy(buffer, next, to, offset, count);
      next += count;
      return count;
    }

    private boolean fill() throws IOException {
      int length = (int) Math.min(BUFFER, end - position);
      if (length == 0) {
        return false;
      }
      buffer = bytes(position, length);
      position += length;
      next = 0;
      return true;
    }

    /** Exactly that many bytes, of which there are at least as many. */
    byte[] take(int length) {
      try {
        byte[] taken = new byte[length];
        int buffered = Math.min(length, buffer.length - next);
        System.arraycopy(buffer, next, taken, 0, buffered);
        next += buffered;
        if (buffered < length) {
          byte[] rest = bytes(position, length - buffered);
          System.arraycopy(rest, 0, taken, buffered, rest.length);
          position += rest.length;
        }
        return taken;
      } catch (IOException e) {
        throw FileInput.unreadable(path, Compression.NONE, e);
      }
    }
  }
}
