package dev.hlotune.trainer.verify;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.Resume;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.checkpoint.AtomicDirectory;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.loop.RunSummary;
import dev.hlotune.trainer.loop.SftRun;
import dev.hlotune.trainer.loop.StepMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs the first updates of a recipe twice, once with a checkpoint and a new start between them,
 * and compares every figure and the weights and optimizer state that both end with, bit by bit.
 */
public final class ResumeVerification {
  private static final JsonMapper JSON = new JsonMapper();

  private final SftConfig config;
  private final RunObserver observer;
  private final AtomicBoolean stop;

  private ResumeVerification(SftConfig config, RunObserver observer, AtomicBoolean stop) {
    this.config = config;
    this.observer = observer;
    this.stop = stop;
  }

  /**
   * Compares.
   *
   * @param config whose output directory is left alone; the runs write beside it, and what they
   *     leave is taken away again
   * @param steps updates to compare, fewer where the run has fewer
   * @param at after which of them one run is interrupted, below {@code steps}
   * @throws IOException if a file cannot be read or written
   * @throws CancellationException if asked to stop meanwhile
   */
  public static ResumeReport run(
      SftConfig config, int steps, int at, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    Path output = config.output().directory().toAbsolutePath();
    Files.createDirectories(output.resolveSibling(""));
    Path folder =
        Files.createTempDirectory(
            output.resolveSibling(""), output.getFileName() + ".verify-resume-");
    try {
      return new ResumeVerification(config, observer, stop).compare(folder, steps, at);
    } finally {
      AtomicDirectory.delete(folder);
    }
  }

  private ResumeReport compare(Path folder, int steps, int at) throws IOException {
    Path whole = folder.resolve("uninterrupted");
    Path parts = folder.resolve("resumed");
    int done = run(whole, steps, Optional.empty());
    run(parts, Math.min(at, done), Optional.empty());
    run(parts, done, Optional.of(new Resume.Newest()));
    Map<Integer, Map<String, Object>> expected = lines(whole);
    Map<String, String> sums = weights(whole, done);
    Map<String, String> others = weights(parts, done);
    TreeSet<String> files = new TreeSet<>(sums.keySet());
    files.addAll(others.keySet());
    return new ResumeReport(
        done,
        Math.min(at, done),
        stepsPerEpoch,
        expected.size(),
        differences(expected, lines(parts)),
        List.copyOf(files),
        files.stream().filter(file -> !Objects.equals(sums.get(file), others.get(file))).toList());
  }

  private int stepsPerEpoch;

  private int run(Path output, int until, Optional<Resume> resume) throws IOException {
    RunSummary summary =
        SftRun.runUntil(until, config.forVerification(output, resume), this::hear, stop);
    if (stop.get()) {
      throw new CancellationException("asked to stop");
    }
    return summary.steps();
  }

  private void hear(RunEvent event) {
    if (event instanceof RunEvent.Planned planned) {
      stepsPerEpoch = (int) Math.round(planned.plan().steps() / planned.plan().epochs());
    }
    if (event instanceof RunEvent.Progressed || event instanceof RunEvent.Noted) {
      observer.on(event);
    }
  }

  /** The last line of each update, without what depends on the clock. */
  private static Map<Integer, Map<String, Object>> lines(Path output) throws IOException {
    Map<Integer, Map<String, Object>> lines = new TreeMap<>();
    for (String text : Files.readAllLines(output.resolve("metrics.jsonl"))) {
      Map<String, Object> line =
          new LinkedHashMap<>(JSON.readValue(text, new TypeReference<Map<String, Object>>() {}));
      line.keySet().removeAll(StepMetrics.MEASURED);
      lines.put(((Number) line.getOrDefault("step", 0)).intValue(), line);
    }
    return lines;
  }

  private static List<ResumeReport.Difference> differences(
      Map<Integer, Map<String, Object>> expected, Map<Integer, Map<String, Object>> got) {
    List<ResumeReport.Difference> differences = new ArrayList<>();
    TreeSet<Integer> steps = new TreeSet<>(expected.keySet());
    steps.addAll(got.keySet());
    for (int step : steps) {
      Map<String, Object> one = expected.getOrDefault(step, Map.of());
      Map<String, Object> other = got.getOrDefault(step, Map.of());
      TreeSet<String> keys = new TreeSet<>(one.keySet());
      keys.addAll(other.keySet());
      for (String key : keys) {
        if (!Objects.equals(one.get(key), other.get(key))) {
          differences.add(
              new ResumeReport.Difference(
                  step, key, String.valueOf(one.get(key)), String.valueOf(other.get(key))));
        }
      }
    }
    return differences;
  }

  private static Map<String, String> weights(Path output, int step) throws IOException {
    Map<String, String> sums = CheckpointDirectory.at(output, step).checksums();
    sums.keySet().removeIf(name -> !name.endsWith(".safetensors"));
    return sums;
  }
}
