package dev.hlotune.configs;

import java.util.Optional;

/**
 * Which checkpoints a run saves and keeps, which one it goes on from, and when it has learned
 * enough.
 *
 * @param strategy when they are saved
 * @param saveSteps updates between two, under {@link SaveStrategy#STEPS}
 * @param minutes after how many one is saved besides
 * @param last whether the last update is followed by one too
 * @param totalLimit the most that are kept
 * @param onlyModel whether they hold the model alone
 * @param loadBest whether the best of them is what the run leaves
 * @param metric by which it is the best
 * @param greaterIsBetter whether more of that is better
 * @param patience evaluations in a row that may be no better before the run ends
 * @param threshold by how much better counts as better for that
 * @param resume the one to go on from
 * @param allowChanges whether that may be one of another recipe
 */
public record CheckpointConfig(
    SaveStrategy strategy,
    Interval saveSteps,
    Optional<Double> minutes,
    boolean last,
    Optional<Integer> totalLimit,
    boolean onlyModel,
    boolean loadBest,
    BestMetric metric,
    boolean greaterIsBetter,
    Optional<Integer> patience,
    double threshold,
    Optional<Resume> resume,
    boolean allowChanges) {

  public CheckpointConfig {
    new Checks()
        .within(CheckpointKeys.STEPS, saveSteps)
        .within(CheckpointKeys.MINUTES, minutes)
        .within(CheckpointKeys.TOTAL_LIMIT, totalLimit)
        .within(CheckpointKeys.PATIENCE, patience)
        .within(CheckpointKeys.THRESHOLD, threshold)
        .require(
            !loadBest || !onlyModel,
            "'save_only_model': expected false beside 'load_best_model_at_end', which goes back to a"
                + " checkpoint, got true",
            CheckpointKeys.ONLY_MODEL,
            CheckpointKeys.LOAD_BEST)
        .done();
  }

  static CheckpointConfig of(Settings settings) {
    return new CheckpointConfig(
        settings.get(CheckpointKeys.STRATEGY),
        settings.get(CheckpointKeys.STEPS),
        settings.find(CheckpointKeys.MINUTES),
        settings.get(CheckpointKeys.LAST),
        settings.find(CheckpointKeys.TOTAL_LIMIT),
        settings.get(CheckpointKeys.ONLY_MODEL),
        settings.get(CheckpointKeys.LOAD_BEST),
        settings.get(CheckpointKeys.METRIC),
        settings.get(CheckpointKeys.GREATER),
        settings.find(CheckpointKeys.PATIENCE),
        settings.get(CheckpointKeys.THRESHOLD),
        settings.find(CheckpointKeys.RESUME),
        settings.get(CheckpointKeys.ALLOW_CHANGES));
  }

  /** Whether any checkpoint is asked for. */
  public boolean saves() {
    return strategy != SaveStrategy.NO || minutes.isPresent();
  }

  /** Whether evaluations are compared, to keep the best or to stop. */
  public boolean comparesEvaluations() {
    return strategy == SaveStrategy.BEST || loadBest || patience.isPresent();
  }

  /** None but where a run ends, with all in it, and none compared. */
  CheckpointConfig onlyAtTheEnd(Optional<Resume> from) {
    return new CheckpointConfig(
        SaveStrategy.STEPS,
        Interval.ofSteps(Integer.MAX_VALUE),
        Optional.empty(),
        true,
        Optional.empty(),
        false,
        false,
        metric,
        greaterIsBetter,
        Optional.empty(),
        threshold,
        from,
        false);
  }

  /** The same, going on from another checkpoint or from none. */
  public CheckpointConfig from(Optional<Resume> other) {
    return new CheckpointConfig(
        strategy,
        saveSteps,
        minutes,
        last,
        totalLimit,
        onlyModel,
        loadBest,
        metric,
        greaterIsBetter,
        patience,
        threshold,
        other,
        allowChanges);
  }

  void addTo(Values values) {
    values
        .put(CheckpointKeys.STRATEGY, strategy)
        .put(CheckpointKeys.STEPS, saveSteps)
        .put(CheckpointKeys.MINUTES, minutes)
        .put(CheckpointKeys.LAST, last)
        .put(CheckpointKeys.TOTAL_LIMIT, totalLimit)
        .put(CheckpointKeys.ONLY_MODEL, onlyModel)
        .put(CheckpointKeys.LOAD_BEST, loadBest)
        .put(CheckpointKeys.METRIC, metric)
        .put(CheckpointKeys.GREATER, greaterIsBetter)
        .put(CheckpointKeys.PATIENCE, patience)
        .put(CheckpointKeys.THRESHOLD, threshold)
        .put(CheckpointKeys.RESUME, resume)
        .put(CheckpointKeys.ALLOW_CHANGES, allowChanges);
  }
}
