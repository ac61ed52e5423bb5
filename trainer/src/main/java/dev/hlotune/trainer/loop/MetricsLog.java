package dev.hlotune.trainer.loop;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The file metrics.jsonl: one line of JSON for each logged step, on its way to the disk before the
 * next step begins. Loss and norm are the strings {@code "NaN"} and {@code "Infinity"} where they
 * are not numbers, since JSON has none.
 *
 * <p>A line is there whole or not at all: where one cannot be written, its beginning is taken back
 * and all earlier lines stay.
 */
public final class MetricsLog implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final Path path;
  private final FileChannel channel;

  private MetricsLog(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens the file of a new run; an earlier one is emptied.
   *
   * @param path the file; its folder is made where it is missing
   * @throws IOException if it cannot be written
   */
  public static MetricsLog create(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    return new MetricsLog(
        path,
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  /** For tests: a channel that fails. */
  static MetricsLog over(Path path, FileChannel channel) {
    return new MetricsLog(path, channel);
  }

  /**
   * Writes a line.
   *
   * @throws IOException if it cannot be written, on a full disk for instance; the earlier lines are
   *     intact and another line can be tried
   */
  public void append(StepMetrics metrics) throws IOException {
    byte[] text = JSON.writeValueAsBytes(metrics.line());
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    long start = channel.position();
    try {
      ByteBuffer buffer = ByteBuffer.wrap(line);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      try {
        channel.truncate(start);
      } catch (IOException kept) {
        e.addSuppressed(kept);
      }
      throw new IOException(
          "'%s': expected to write %d bytes, got '%s'; make room or name another output_dir, the lines before are intact"
              .formatted(path, line.length, e.getMessage()),
          e);
    }
  }

  /** Forces the lines to the disk and closes the file. Closing twice is fine. */
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      try (channel) {
        channel.force(true);
      }
    }
  }
}
