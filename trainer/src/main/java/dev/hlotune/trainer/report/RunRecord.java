package dev.hlotune.trainer.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a run left, read from its directory. A run that is still going, or was killed, has less.
 *
 * @param name the recipe's {@code run_name}, else that of the directory
 * @param manifest run.json: {@code versions}, {@code config}, {@code hashes}, {@code device}
 * @param lines metrics.jsonl, by step; where a run went back to a checkpoint, what it did then
 * @param resumed steps whose line follows one of a later or the same step
 * @param samples samples.jsonl
 * @param results train_results.json; empty where the run did not end
 * @param nonfinite files with batches that gave no number
 */
public record RunRecord(
    String name,
    Path directory,
    Map<String, Map<String, Object>> manifest,
    List<Map<String, Object>> lines,
    List<Integer> resumed,
    List<Sample> samples,
    Map<String, Object> results,
    List<String> nonfinite) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};
  private static final String STEP = "step";

  /**
   * An answer of the model.
   *
   * @param step after which update
   */
  public record Sample(
      int step, String prompt, String completion, String reference, boolean isRight) {}

  /**
   * Reads a run.
   *
   * @param directory its output directory
   * @throws DataException if there is no run, or a file of it is broken
   * @throws IOException if a file cannot be read
   */
  public static RunRecord read(Path directory) throws IOException {
    Path metrics = directory.resolve("metrics.jsonl");
    Path run = directory.resolve("run.json");
    if (!Files.exists(metrics) && !Files.exists(run)) {
      throw new DataException(
          directory,
          "expected the output directory of a run, with metrics.jsonl and run.json, got none of them");
    }
    Map<String, Map<String, Object>> manifest = manifest(run);
    List<Map<String, Object>> lines = new ArrayList<>();
    List<Integer> resumed = new ArrayList<>();
    for (Map<String, Object> line : objects(metrics)) {
      int step = (int) number(line, STEP).orElse(0);
      if (!lines.isEmpty() && step <= number(lines.getLast(), STEP).orElse(0)) {
        lines.removeIf(earlier -> number(earlier, STEP).orElse(0) >= step);
        resumed.removeIf(earlier -> earlier >= step);
        resumed.add(step);
      }
      lines.add(line);
    }
    return new RunRecord(
        name(directory, manifest),
        directory,
        manifest,
        List.copyOf(lines),
        List.copyOf(resumed),
        samples(directory.resolve("samples.jsonl")),
        object(directory.resolve("train_results.json")),
        nonfinite(directory.resolve("nonfinite")));
  }

  private static String name(Path directory, Map<String, Map<String, Object>> manifest) {
    Object said = manifest.getOrDefault("config", Map.of()).get("run_name");
    Path last = directory.toAbsolutePath().normalize().getFileName();
    return said != null ? said.toString() : last == null ? directory.toString() : last.toString();
  }

  /** Sections of run.json; whatever else stands there is a section of its own. */
  private static Map<String, Map<String, Object>> manifest(Path file) throws IOException {
    Map<String, Map<String, Object>> sections = new LinkedHashMap<>();
    object(file)
        .forEach((section, value) -> {
          Map<String, Object> values = new LinkedHashMap<>();
          if (value instanceof Map<?, ?> map) {
            map.forEach((key, one) -> values.put(String.valueOf(key), one));
          } else {
            values.put(section, value);
          }
          sections.put(section, values);
        });
    return sections;
  }

  private static List<Sample> samples(Path file) throws IOException {
    Map<List<Object>, Sample> samples = new LinkedHashMap<>();
    for (Map<String, Object> line : objects(file)) {
      Sample sample =
          new Sample(
              (int) number(line, STEP).orElse(0),
              text(line, "prompt"),
              text(line, "completion"),
              text(line, "reference"),
              Boolean.TRUE.equals(line.get("exact_match")));
      samples.put(List.of(sample.step(), sample.prompt()), sample);
    }
    return List.copyOf(samples.values());
  }

  private static String text(Map<String, Object> line, String key) {
    Object value = line.get(key);
    return value == null ? "" : value.toString();
  }

  private static List<String> nonfinite(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> "nonfinite/" + file.getFileName())
          .filter(name -> name.endsWith(".json"))
          .sorted()
          .toList();
    }
  }

  /** The number under a key, if there is a finite one. */
  static OptionalDouble number(Map<String, Object> values, String key) {
    return values.get(key) instanceof Number number && Double.isFinite(number.doubleValue())
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  private static Map<String, Object> object(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Map.of();
    }
    try {
      return JSON.readValue(file.toFile(), OBJECT);
    } catch (JsonProcessingException e) {
      throw new DataException(file, "expected a JSON object, got " + e.getOriginalMessage(), e);
    }
  }

  /** The objects of a file of lines. The last line may be cut: the run was killed, or goes on. */
  private static List<Map<String, Object>> objects(Path file) throws IOException {
    List<Map<String, Object>> objects = new ArrayList<>();
    if (!Files.exists(file)) {
      return objects;
    }
    String text = Files.readString(file);
    String[] lines = text.split("\n", -1);
    // What follows the last end of line is nothing, or a line that is not whole.
    for (int i = 0; i < lines.length - 1; i++) {
      if (lines[i].isBlank()) {
        continue;
      }
      try {
        objects.add(JSON.readValue(lines[i], OBJECT));
      } catch (JsonProcessingException e) {
        throw new DataException(
            new dev.hlotune.trainer.source.Origin(file, i + 1L),
            null,
            "expected a JSON object, got " + e.getOriginalMessage());
      }
    }
    return objects;
  }
}
