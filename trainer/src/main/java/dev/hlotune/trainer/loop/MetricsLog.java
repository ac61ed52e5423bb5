package dev.hlotune.trainer.loop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The file metrics.jsonl: one line of JSON for each logged step, on its way to the disk before the
 * next step begins. Loss and norm are the strings {@code "NaN"} and {@code "Infinity"} where they
 * are not numbers, since JSON has none.
 *
 * <p>A line is there whole or not at all: where one cannot be written, its beginning is taken back
 * and all earlier lines stay.
 */
public final class MetricsLog implements AutoCloseable {
  /** Its name in an output directory. */
  static final String NAME = "metrics.jsonl";

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

  /**
   * Opens the file of a run that goes on, without the lines that were written after a step: they
   * will be written again.
   *
   * @param path the file
   * @param before the one of the run that it goes on from, the same or another
   * @throws IOException if it cannot be read or written
   */
  static MetricsLog after(Path path, Path before, int step) throws IOException {
    int kept = 0;
    byte[] all = Files.exists(before) ? Files.readAllBytes(before) : new byte[0];
    for (int from = 0, to; from < all.length; from = to) {
      for (to = from; to < all.length && all[to] != '\n'; ) {
        to++;
      }
      if (to++ == all.length || stepOf(Arrays.copyOfRange(all, from, to)) > step) {
        break;
      }
      kept = to;
    }
    if (!Files.exists(path) || !Files.isSameFile(path, before)) {
      AtomicFile.write(path, Arrays.copyOf(all, kept));
    }
    FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
    channel.truncate(kept);
    channel.position(kept);
    return new MetricsLog(path, channel);
  }

  /** What a power failure left of a line counts as written too late. */
  private static int stepOf(byte[] line) throws IOException {
    try {
      return JSON.readTree(line).path("step").asInt(Integer.MAX_VALUE);
    } catch (JsonProcessingException e) {
      return Integer.MAX_VALUE;
    }
  }

  /** Forces the lines written so far to the disk. */
  static void force(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      return; // A device or a pipe, by the user's link.
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
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
    append(metrics.line());
  }

  /**
   * Adds figures to the last line, after its loss, where that line is of the step.
   *
   * @throws IOException as {@link #append}
   */
  void amend(int step, Map<String, Double> figures) throws IOException {
    byte[] all = Files.readAllBytes(path);
    int from = Math.max(0, all.length - 1);
    while (from > 0 && all[from - 1] != '\n') {
      from--;
    }
    if (all.length == 0 || stepOf(Arrays.copyOfRange(all, from, all.length)) != step) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    JSON.readValue(
            Arrays.copyOfRange(all, from, all.length), new TypeReference<Map<String, Object>>() {})
        .forEach((name, old) -> {
          line.put(name, old);
          if (name.equals("loss")) {
            line.putAll(figures);
          }
        });
    channel.truncate(from);
    append(line);
  }

  private void append(Map<String, Object> content) throws IOException {
    byte[] text = JSON.writeValueAsBytes(content);
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
