package dev.hlotune.trainer.report;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.loop.StepMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two runs.
 *
 * @param facts by section of run.json, what has another value in one than in the other
 * @param uncounted the same of keys that change nothing of what is trained
 * @param compared updates of which both have a line
 * @param metrics the first of those whose figures differ, in any digit
 * @param results what they came to, where it differs
 */
public record RunDifference(
    Map<String, List<Entry>> facts,
    List<Entry> uncounted,
    int compared,
    Optional<Divergence> metrics,
    List<Entry> results) {

  private static final List<String> RESULTS = List.of("epoch", "total_flos", "train_loss");

  /**
   * A value of each, as it is written; null where there is none.
   *
   * @param key its name
   */
  public record Entry(String key, @Nullable Object first, @Nullable Object second) {}

  /**
   * Where two runs part.
   *
   * @param step the first update with another figure
   * @param entries the figures that differ
   */
  public record Divergence(int step, List<Entry> entries) {}

  /** Compares two runs. */
  public static RunDifference of(RunRecord first, RunRecord second) {
    Map<String, List<Entry>> facts = new LinkedHashMap<>();
    List<Entry> uncounted = new ArrayList<>();
    Set<String> free = SftConfig.freeKeys();
    Set<String> sections = new LinkedHashSet<>(first.manifest().keySet());
    sections.addAll(second.manifest().keySet());
    for (String section : sections) {
      List<Entry> entries = new ArrayList<>();
      for (Entry entry :
          entries(
              first.manifest().getOrDefault(section, Map.of()),
              second.manifest().getOrDefault(section, Map.of()))) {
        boolean counts = !section.equals("config") || !free.contains(entry.key());
        (counts ? entries : uncounted).add(entry);
      }
      if (!entries.isEmpty()) {
        facts.put(section, entries);
      }
    }
    Map<Integer, Map<String, Object>> other = byStep(second);
    int compared = 0;
    Optional<Divergence> metrics = Optional.empty();
    for (Map.Entry<Integer, Map<String, Object>> line : byStep(first).entrySet()) {
      Map<String, Object> its = other.get(line.getKey());
      if (its == null) {
        continue;
      }
      compared++;
      List<Entry> different = entries(exact(line.getValue()), exact(its));
      if (metrics.isEmpty() && !different.isEmpty()) {
        metrics = Optional.of(new Divergence(line.getKey(), different));
      }
    }
    return new RunDifference(
        facts, uncounted, compared, metrics, entries(results(first), results(second)));
  }

  private static Map<Integer, Map<String, Object>> byStep(RunRecord run) {
    Map<Integer, Map<String, Object>> lines = new TreeMap<>();
    run.lines().forEach(line -> lines.put((int) RunRecord.number(line, "step").orElse(0), line));
    return lines;
  }

  /** Figures that two runs of the same recipe have in common, to the last digit. */
  private static Map<String, Object> exact(Map<String, Object> line) {
    Map<String, Object> some = new LinkedHashMap<>(line);
    some.keySet().removeAll(StepMetrics.MEASURED);
    return some;
  }

  private static Map<String, Object> only(List<String> keys, Map<String, Object> values) {
    Map<String, Object> some = new LinkedHashMap<>();
    for (String key : keys) {
      if (values.containsKey(key)) {
        some.put(key, values.get(key));
      }
    }
    return some;
  }

  private static Map<String, Object> results(RunRecord run) {
    Map<String, Object> results = new LinkedHashMap<>();
    if (!run.lines().isEmpty()) {
      results.put("updates", run.lines().getLast().get("step"));
    }
    results.putAll(only(RESULTS, run.results()));
    List<RunRecord.Sample> answers = Figures.lastSamples(run);
    if (!answers.isEmpty()) {
      long right = answers.stream().filter(RunRecord.Sample::isRight).count();
      results.put("answers exactly right", right + " of " + answers.size());
    }
    return results;
  }

  private static List<Entry> entries(Map<String, Object> first, Map<String, Object> second) {
    Set<String> keys = new LinkedHashSet<>(first.keySet());
    keys.addAll(second.keySet());
    return keys.stream()
        .map(key -> new Entry(key, first.get(key), second.get(key)))
        .filter(entry -> !Objects.equals(entry.first(), entry.second()))
        .toList();
  }

  /** Whether anything differs that counts. */
  public boolean differs() {
    return !facts.isEmpty() || metrics.isPresent() || !results.isEmpty();
  }
}
