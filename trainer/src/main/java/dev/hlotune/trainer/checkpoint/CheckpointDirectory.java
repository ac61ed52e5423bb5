package dev.hlotune.trainer.checkpoint;

import dev.hlotune.pjrt.web.Checksum;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directories {@code checkpoint-N} of a run. Each is written beside its place and renamed when
 * it is whole and on the disk; the last file in it, {@code checkpoint.json}, says how long every
 * other one is and what its SHA-256 is.
 *
 * @param path the directory
 * @param step N, the updates before it
 */
public record CheckpointDirectory(Path path, int step) {
  private static final String MARKER = "checkpoint.json";

  /** Of the files in a checkpoint; a checkpoint of another number is not read. */
  private static final int FORMAT = 1;

  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{1,9})");

  /** Where the checkpoint after so many updates is. */
  public static CheckpointDirectory at(Path output, int step) {
    return new CheckpointDirectory(output.resolve("checkpoint-" + step), step);
  }

  /**
   * The checkpoint of a path, or the newest in it where that is a run's output directory.
   *
   * @throws DataException if there is none
   */
  public static CheckpointDirectory named(Path path) throws IOException {
    Matcher name = NAME.matcher(path.toAbsolutePath().normalize().getFileName().toString());
    if (name.matches()) {
      return new CheckpointDirectory(path, Integer.parseInt(name.group(1)));
    }
    List<CheckpointDirectory> inside = in(path);
    if (inside.isEmpty()) {
      throw new DataException(
          path,
          "checkpoint: expected a directory 'checkpoint-N', or one with such in it, got none");
    }
    return inside.getLast();
  }

  /** The checkpoints in an output directory, the oldest first; none where it is not there. */
  public static List<CheckpointDirectory> in(Path output) throws IOException {
    if (!Files.isDirectory(output)) {
      return List.of();
    }
    List<CheckpointDirectory> found = new ArrayList<>();
    for (Path child : AtomicDirectory.list(output)) {
      Matcher name = NAME.matcher(child.getFileName().toString());
      if (name.matches() && Files.isDirectory(child)) {
        found.add(new CheckpointDirectory(child, Integer.parseInt(name.group(1))));
      }
    }
    found.sort(Comparator.comparingInt(CheckpointDirectory::step));
    return List.copyOf(found);
  }

  /**
   * Writes it whole.
   *
   * @param content all files but the last
   * @return the bytes of all files
   * @throws IOException if it could not be written; nothing of it is left
   */
  public long write(AtomicDirectory.Content content) throws IOException {
    long[] total = {0};
    AtomicDirectory.write(
        path,
        folder -> {
          content.writeTo(folder);
          Map<String, Object> files = new LinkedHashMap<>();
          for (Path file : files(folder)) {
            long bytes = Files.size(file);
            total[0] += bytes;
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("bytes", bytes);
            entry.put("sha256", sha256(file));
            files.put(name(folder, file), entry);
          }
          Map<String, Object> marker = new LinkedHashMap<>();
          marker.put("format", FORMAT);
          marker.put("step", step);
          marker.put("files", files);
          AtomicFile.write(folder.resolve(MARKER), JsonFile.print(marker));
        });
    return total[0];
  }

  /** What is wrong with it, naming the file; empty where it is as it was written. */
  public Optional<DataException> damage() throws IOException {
    try {
      verify();
      return Optional.empty();
    } catch (DataException e) {
      return Optional.of(e);
    }
  }

  /**
   * Reads every file and compares it with what was written.
   *
   * @throws DataException if one is missing, of another length or of other bytes, or if the
   *     checkpoint is of another version
   */
  public void verify() throws IOException {
    Path marker = path.resolve(MARKER);
    if (!Files.isRegularFile(marker)) {
      throw new DataException(
          path, "checkpoint: expected '%s' in it, got none; it is not whole".formatted(MARKER));
    }
    Map<String, Object> json = JsonFile.read(marker);
    if (!Integer.valueOf(FORMAT).equals(json.get("format"))) {
      throw new DataException(
          marker,
          "'format': expected %d, got %s; it is of another version of hlotune"
              .formatted(FORMAT, json.get("format")));
    }
    if (!(json.get("files") instanceof Map<?, ?> files) || files.isEmpty()) {
      throw new DataException(marker, "'files': expected an object with files, got none");
    }
    for (Map.Entry<?, ?> entry : files.entrySet()) {
      Path file = path.resolve(String.valueOf(entry.getKey()));
      if (!(entry.getValue() instanceof Map<?, ?> expected)
          || !(expected.get("bytes") instanceof Number bytes)) {
        throw new DataException(
            marker, "'%s': expected bytes and sha256".formatted(entry.getKey()));
      }
      if (!Files.isRegularFile(file)) {
        throw new DataException(file, "checkpoint: expected this file, got none");
      }
      if (Files.size(file) != bytes.longValue()) {
        throw new DataException(
            file,
            "checkpoint: expected %d bytes, got %d; the file was changed or cut short"
                .formatted(bytes.longValue(), Files.size(file)));
      }
      String sum = sha256(file);
      if (!sum.equals(expected.get("sha256"))) {
        throw new DataException(
            file,
            "checkpoint: expected the SHA-256 %s, got %s; the file was changed or damaged"
                .formatted(expected.get("sha256"), sum));
      }
    }
  }

  /**
   * Gives it another name, under which no run finds it, and loses nothing.
   *
   * @return the new name
   */
  public Path setAside() throws IOException {
    Path aside = path.resolveSibling(path.getFileName() + ".damaged");
    AtomicDirectory.delete(aside);
    return Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
  }

  /** A file of it. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** All files in it by name, with their SHA-256, as it was written. */
  public Map<String, String> checksums() throws IOException {
    Map<String, String> sums = new TreeMap<>();
    if (JsonFile.read(path.resolve(MARKER)).get("files") instanceof Map<?, ?> files) {
      files.forEach((name, entry) -> {
        if (entry instanceof Map<?, ?> values) {
          sums.put(String.valueOf(name), String.valueOf(values.get("sha256")));
        }
      });
    }
    return sums;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static String sha256(Path file) throws IOException {
    return Checksum.of(Checksum.Kind.SHA256, file).hex();
  }
}
