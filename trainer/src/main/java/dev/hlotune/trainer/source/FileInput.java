package dev.hlotune.trainer.source;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/** The bytes of a file, unpacked on the way; whatever goes wrong is said with the file. */
final class FileInput implements AutoCloseable {
  private final Path path;
  private final Compression compression;
  private final CountingInput counter;
  private final InputStream in;

  /**
   * The bytes of a file that is open.
   *
   * @param packed its bytes as they are, closed with this
   * @throws IOException if it is not packed as its name says
   */
  FileInput(Path path, InputStream packed) throws IOException {
    this.path = path;
    this.compression = Compression.of(path);
    this.counter = new CountingInput(packed);
    this.in = unpacked(counter, compression);
  }

  /**
   * Opens a file.
   *
   * @param expected what it is to hold, for the message about an empty one
   * @throws DataException if it is missing, empty, a folder or not readable
   */
  static FileInput open(Path path, String expected) {
    checkFile(path, expected);
    try {
      InputStream packed = Files.newInputStream(path);
      try {
        return new FileInput(path, packed);
      } catch (IOException e) {
        packed.close();
        throw e;
      }
    } catch (IOException e) {
      throw unreadable(path, Compression.of(path), e);
    }
  }

  /** Refuses what is no file. */
  static void checkExists(Path path) {
    if (!Files.exists(path)) {
      throw new DataException(path, "expected a file, got no such file");
    }
    if (Files.isDirectory(path)) {
      throw new DataException(path, "expected a file, got a folder");
    }
  }

  /** Refuses what is no file, and an empty one. */
  static void checkFile(Path path, String expected) {
    checkExists(path);
    try {
      if (Files.size(path) == 0) {
        throw new DataException(path, "expected " + expected + ", got an empty file");
      }
    } catch (IOException e) {
      throw unreadable(path, Compression.NONE, e);
    }
  }

  private static InputStream unpacked(InputStream in, Compression compression) throws IOException {
    return switch (compression) {
      case NONE -> in;
      case GZIP -> new GzipInput(in);
      case ZSTD -> new ZstdInputStream(in);
    };
  }

  /** Reads up to that many bytes; -1 at the end, else at least one. */
  int read(byte[] buffer, int offset, int length) {
    try {
      return in.read(buffer, offset, length);
    } catch (IOException e) {
      throw unreadable(path, compression, e);
    }
  }

  Path path() {
    return path;
  }

  /** Bytes of the file, packed as they are, that were read so far. */
  long bytesRead() {
    return counter.count;
  }

  /** What is said about a file that the operating system or a decoder could not read. */
  static DataException unreadable(Path path, Compression compression, IOException e) {
    if (e instanceof ZipException || e instanceof EOFException || e instanceof ZstdIOException) {
      return new DataException(
          path,
          "expected a whole " + compression.label() + " file, got a broken one: " + e.getMessage(),
          e);
    }
    // The message of this one is the path once more.
    String reason =
        e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    return new DataException(path, "cannot be read: " + reason, e);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(path, compression, e);
    }
  }

  private static final class CountingInput extends FilterInputStream {
    private long count;

    CountingInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
