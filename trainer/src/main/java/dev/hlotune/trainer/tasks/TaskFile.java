package dev.hlotune.trainer.tasks;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.source.DataException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The rows of a task as a file.
 *
 * @param name the task
 * @param rows which rows, in this order
 * @param seed of the recipe
 * @param words what they are about
 */
record TaskFile(String name, List<RowRange> rows, int seed, List<String> words) {
  /** Raised when the same parameters come to give other rows. */
  private static final int VERSION = 1;

  /** The seed of nanochat's order of words. */
  private static final int ORDER = 42;

  private static final JsonMapper JSON = new JsonMapper();

  /** The file, written now if it is not there. */
  Path under(Path directory) {
    Path target = directory.resolve(key());
    Path file = target.resolve(name + ".jsonl");
    if (Files.isRegularFile(file)) {
      return file;
    }
    try {
      Files.createDirectories(directory);
      Path draft = Files.createTempDirectory(directory, "draft-");
      Path written = draft.resolve(file.getFileName());
      try {
        write(written);
        move(draft, target);
      } finally {
        Files.deleteIfExists(written);
        Files.deleteIfExists(draft);
      }
      return file;
    } catch (IOException e) {
      String reason =
          e instanceof FileSystemException system && system.getReason() != null
              ? system.getReason()
              : String.valueOf(e.getMessage());
      throw new DataException(
          directory,
          "rows of a task cannot be written: " + reason + "; free some space or set cache_dir",
          e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to);
    } catch (FileSystemException e) {
      // Another process was quicker; its rows are the same.
      if (!Files.isDirectory(to)) {
        throw e;
      }
    }
  }

  private void write(Path file) throws IOException {
    Task task = task();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (RowRange range : rows) {
        for (long row = range.slice().from(); row < range.slice().to(); row++) {
          ObjectNode record = JSON.createObjectNode();
          record.set("messages", task.conversation(random(range.seed(row))));
          out.write(JSON.writeValueAsString(record));
          out.write('\n');
        }
      }
    }
  }

  private Task task() {
    return switch (name) {
      case "simple_spelling" -> SimpleSpelling.of(words, random(ORDER));
      case "spelling_bee" -> SpellingBee.of(words);
      default -> throw new IllegalStateException("task: expected a known one, got " + name);
    };
  }

  /** Python's numbers for {@code seed * 2**32 + own}. */
  private PythonRandom random(long own) {
    return new PythonRandom(((long) seed << Integer.SIZE) + own);
  }

  /** A hash of all that decides the content. */
  private String key() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: expected in every JDK", e);
    }
    // None of these holds a line break.
    String parameters = String.join("\n", VERSION + name, rows.toString(), String.valueOf(seed));
    digest.update(parameters.getBytes(StandardCharsets.UTF_8));
    for (String word : words) {
      digest.update(("\n" + word).getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
