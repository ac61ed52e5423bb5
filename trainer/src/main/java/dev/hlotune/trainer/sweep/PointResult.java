package dev.hlotune.trainer.sweep;

import dev.hlotune.configs.SweepRecipe;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import dev.hlotune.trainer.checkpoint.JsonFile;
import dev.hlotune.trainer.loop.RunSummary;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a point came to.
 *
 * @param point which one
 * @param state how far it is
 * @param steps updates done
 * @param plannedSteps updates that were to be done
 * @param exactMatch the last part of exactly right greedy answers
 * @param programs how many its run needed
 * @param compiled how many of them were compiled for it, and not found in the cache
 * @param seconds of training and evaluation, over all its processes
 * @param error why it failed, on one line
 */
public record PointResult(
    SweepRecipe.Point point,
    PointState state,
    int steps,
    int plannedSteps,
    Optional<Double> exactMatch,
    int programs,
    int compiled,
    double seconds,
    Optional<String> error) {

  /** Its file in the directory of the point. */
  static final String NAME = "sweep-point.json";

  /** A point without results. */
  static PointResult none(SweepRecipe.Point point, PointState state) {
    return new PointResult(point, state, 0, 0, Optional.empty(), 0, 0, 0, Optional.empty());
  }

  /** A point that was run. */
  static PointResult of(SweepRecipe.Point point, RunSummary summary, int programs, int compiled) {
    return new PointResult(
        point,
        switch (summary.outcome()) {
          case DONE -> PointState.DONE;
          case DIVERGED -> PointState.DIVERGED;
          case INTERRUPTED -> PointState.INTERRUPTED;
        },
        summary.steps(),
        summary.plannedSteps(),
        summary.exactMatch().map(RunSummary.ExactMatch::rate),
        programs,
        compiled,
        summary.seconds(),
        Optional.empty());
  }

  /** A point that could not be run. */
  static PointResult failed(
      SweepRecipe.Point point, int programs, int compiled, Throwable failure) {
    String message = failure.getMessage();
    return new PointResult(
        point,
        PointState.FAILED,
        0,
        0,
        Optional.empty(),
        programs,
        compiled,
        0,
        Optional.of(
            message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElse("").strip()));
  }

  /** Where its results are. */
  public Path directory() {
    return point.config().output().directory();
  }

  /**
   * Reads the file of a point, with the recipe that it is of; empty where there is none or not a
   * whole one.
   */
  static Optional<Saved> read(SweepRecipe.Point point) throws IOException {
    Path file = point.config().output().directory().resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Map<String, Object> values = JsonFile.read(file);
      if (!(values.get("config") instanceof Map<?, ?> config)
          || !(values.get("state") instanceof String state)) {
        return Optional.empty();
      }
      Map<String, Object> recipe = new LinkedHashMap<>();
      config.forEach((key, value) -> recipe.put(String.valueOf(key), value));
      return PointResult.stateOf(state)
          .map(known ->
              new Saved(
                  new PointResult(
                      point,
                      known,
                      (int) number(values, "steps").orElse(0.0).doubleValue(),
                      (int) number(values, "planned_steps").orElse(0.0).doubleValue(),
                      number(values, "exact_match"),
                      (int) number(values, "programs").orElse(0.0).doubleValue(),
                      (int) number(values, "compiled").orElse(0.0).doubleValue(),
                      number(values, "seconds").orElse(0.0),
                      Optional.empty()),
                  recipe));
    } catch (DataException e) {
      return Optional.empty(); // It is run, or goes on, as if it had not come to its end.
    }
  }

  private static Optional<PointState> stateOf(String spelled) {
    for (PointState state : PointState.values()) {
      if (state.spelled().equals(spelled)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  private static Optional<Double> number(Map<String, Object> values, String key) {
    return values.get(key) instanceof Number number
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }

  /**
   * A result of an earlier sweep.
   *
   * @param result as it was written
   * @param config the recipe of the point, every key with its value
   */
  record Saved(PointResult result, Map<String, Object> config) {}

  /** Writes the file; the last thing that is done for a point. */
  void write() throws IOException {
    Map<String, Object> values = new LinkedHashMap<>(json());
    values.put("config", point.config().resolved());
    AtomicFile.write(directory().resolve(NAME), JsonFile.print(values));
  }

  /** What of it needs no look at its curves. */
  Map<String, Object> json() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", point.name());
    values.put("keys", point.values());
    values.put("state", state.spelled());
    values.put("steps", steps);
    values.put("planned_steps", plannedSteps);
    exactMatch.ifPresent(rate -> values.put("exact_match", rate));
    values.put("programs", programs);
    values.put("compiled", compiled);
    values.put("seconds", seconds);
    error.ifPresent(message -> values.put("error", message));
    return values;
  }
}
