package dev.hlotune.trainer.watch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A file that grows by whole records. One that cannot be written is taken back and kept, with those
 * after it, for the next attempt.
 */
final class RecordFile {
  /** Kept records beyond these give way, oldest first. */
  private static final int MOST_KEPT = 100_000;

  private final Path path;
  private final FileChannel channel;
  private final Framing framing;
  private final Deque<byte[]> kept = new ArrayDeque<>();
  private long lost;

  /** How a format frames its records. */
  @FunctionalInterface
  interface Framing {
    /**
     * A record as it stands in the file.
     *
     * @param at where in the file it will stand
     */
    byte[] framed(long at, byte[] record);
  }

  private RecordFile(Path path, FileChannel channel, Framing framing) {
    this.path = path;
    this.channel = channel;
    this.framing = framing;
  }

  /** Makes a file that must not exist; its folder is made where it is missing. */
  static RecordFile create(Path path, Framing framing) throws IOException {
    Files.createDirectories(path.toAbsolutePath().resolveSibling(""));
    return new RecordFile(
        path,
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        framing);
  }

  /** Keeps a record for {@link #write}. */
  void add(byte[] record) {
    if (kept.size() == MOST_KEPT) {
      kept.remove();
      lost++;
    }
    kept.add(record);
  }

  /**
   * Writes what is kept.
   *
   * @throws IOException if a record found no room; it stays
   */
  void write() throws IOException {
    while (!kept.isEmpty()) {
      long start = channel.position();
      ByteBuffer buffer = ByteBuffer.wrap(framing.framed(start, kept.getFirst()));
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        channel.truncate(start);
        throw new IOException(
            "'%s': expected to write %d bytes, got '%s'"
                .formatted(path, buffer.capacity(), e.getMessage()),
            e);
      }
      kept.remove();
    }
  }

  /**
   * Writes the rest and closes.
   *
   * @throws IOException if not all could be written
   */
  void close() throws IOException {
    try (channel) {
      write();
      channel.force(true);
    }
    if (lost > 0) {
      throw new IOException("'%s': %d records found no room and were lost".formatted(path, lost));
    }
  }
}
