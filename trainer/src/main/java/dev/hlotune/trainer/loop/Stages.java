package dev.hlotune.trainer.loop;

import dev.hlotune.trainer.step.StepCache;
import dev.hlotune.trainer.step.Training;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The stretches of a run: from one to the next, more of the weights are trained.
 *
 * @param byStart stages by the number of updates before them; the first stands at 0
 */
record Stages(NavigableMap<Integer, Stage> byStart) implements AutoCloseable {
  /**
   * One stretch.
   *
   * @param training what is trained, and how
   * @param steps its programs
   */
  record Stage(Training training, StepCache steps) {}

  /** Keeps its own copy. */
  Stages {
    byStart = new TreeMap<>(byStart);
    if (byStart.isEmpty() || byStart.firstKey() != 0) {
      throw new IllegalArgumentException("stages: expected one at 0, got " + byStart.keySet());
    }
  }

  Stage first() {
    return byStart.firstEntry().getValue();
  }

  /** The stage of an update, counted from 0. */
  Stage of(int step) {
    return byStart.floorEntry(step).getValue();
  }

  /** How many updates there are before the stage of one, counted from 0. */
  int startOf(int step) {
    return byStart.floorKey(step);
  }

  Stream<StepCache> programs() {
    return byStart.values().stream().map(Stage::steps);
  }

  /** Stages by the number of updates before them, as they are named in files. */
  Stream<Map.Entry<String, StepCache>> named() {
    return byStart.entrySet().stream()
        .map(entry ->
            Map.entry(
                entry.getKey() == 0 ? "" : "from_" + entry.getKey() + "/",
                entry.getValue().steps()));
  }

  @Override
  public void close() {
    programs().forEach(StepCache::close);
  }
}
