package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of a micro-batch and the micro-batches of an update, of which systems name two of three:
 * these, or the rows of an update.
 *
 * @param rows of one micro-batch
 * @param accumulation micro-batches in one update
 */
record UpdateRows(int rows, int accumulation) {
  private static final Key<Integer> TOTAL = DataKeys.UPDATE_BATCH_SIZE;
  private static final Key<Integer> ROWS = DataKeys.TRAIN_BATCH_SIZE;
  private static final Key<Integer> STEPS = DataKeys.ACCUMULATION;

  /**
   * What a layer makes void of the layers before: two of the three decide the last, and the newest
   * are those that do.
   *
   * @param here the keys set by the layer
   * @param set the keys set by it or before
   */
  static List<Key<?>> settle(Set<Key<?>> here, Collection<Key<?>> set) {
    List<Key<?>> dropped = new ArrayList<>();
    if (here.contains(TOTAL) && !here.contains(STEPS)) {
      dropped.add(STEPS);
    } else if (here.contains(TOTAL) && !here.contains(ROWS)) {
      dropped.add(ROWS);
    } else if (!here.contains(TOTAL) && here.contains(STEPS)) {
      dropped.add(TOTAL);
    } else if (!here.contains(TOTAL) && here.contains(ROWS) && set.contains(TOTAL)) {
      dropped.add(STEPS);
    }
    return dropped;
  }

  /** What the settings come to. */
  static UpdateRows of(Settings settings) {
    Optional<Integer> total = settings.find(TOTAL);
    Optional<Integer> steps = settings.given(STEPS);
    if (total.isEmpty()) {
      return new UpdateRows(settings.get(ROWS), settings.get(STEPS));
    }
    int all = total.get();
    int rows =
        settings.given(ROWS).orElseGet(() -> steps.map(n -> divided(all, n, STEPS)).orElse(all));
    int accumulation = steps.orElseGet(() -> divided(all, rows, ROWS));
    new Checks()
        .require(
            rows * (long) accumulation == all,
            "'%s': expected the %d of '%s' x '%s', got %d"
                .formatted(
                    TOTAL.name(), rows * (long) accumulation, ROWS.name(), STEPS.name(), all),
            TOTAL,
            ROWS,
            STEPS)
        .done();
    return new UpdateRows(rows, accumulation);
  }

  private static int divided(int all, int by, Key<Integer> key) {
    new Checks()
        .require(
            all % by == 0,
            "'%s': expected a multiple of the %d of '%s', got %d"
                .formatted(TOTAL.name(), by, key.name(), all),
            TOTAL,
            key)
        .done();
    return all / by;
  }
}
