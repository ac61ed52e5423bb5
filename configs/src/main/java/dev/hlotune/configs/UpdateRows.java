package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of a micro-batch and the micro-batches of an update, of which systems name two of three:
 * these, or the rows of an update. Those of a device follow when it is known how many devices share
 * a micro-batch.
 *
 * @param total rows of an update, on all devices
 * @param shared rows of a micro-batch, on all devices
 * @param rows of a micro-batch, on one device
 * @param steps micro-batches of an update
 * @param evaluation rows of a micro-batch of held-out data, on one device
 */
public record UpdateRows(
    Optional<Integer> total,
    Optional<Integer> shared,
    Optional<Integer> rows,
    Optional<Integer> steps,
    Optional<Integer> evaluation) {
  private static final Key<Integer> TOTAL = DataKeys.UPDATE_BATCH_SIZE;
  private static final Key<Integer> SHARED = DataKeys.TOTAL_BATCH_SIZE;
  private static final Key<Integer> ROWS = DataKeys.TRAIN_BATCH_SIZE;
  private static final Key<Integer> STEPS = DataKeys.ACCUMULATION;

  /**
   * What they come to.
   *
   * @param rows of one micro-batch, on one device
   * @param evaluation the same of held-out data
   * @param accumulation micro-batches in one update
   */
  record Split(int rows, int evaluation, int accumulation) {
    /** Before the devices are known. */
    static final Split UNKNOWN = new Split(1, 1, 1);
  }

  /**
   * What a layer makes void of the layers before: two of the three decide the last, and the newest
   * are those that do.
   *
   * @param here the keys set by the layer
   * @param set the keys set by it or before
   */
  static List<Key<?>> settle(Set<Key<?>> here, Collection<Key<?>> set) {
    List<Key<?>> dropped = new ArrayList<>();
    boolean rows = here.contains(ROWS) || here.contains(SHARED);
    if (here.contains(TOTAL) && !here.contains(STEPS)) {
      dropped.add(STEPS);
    } else if (here.contains(TOTAL) && !rows) {
      dropped.add(ROWS);
      dropped.add(SHARED);
    } else if (!here.contains(TOTAL) && here.contains(STEPS)) {
      dropped.add(TOTAL);
    } else if (!here.contains(TOTAL) && rows && set.contains(TOTAL)) {
      dropped.add(STEPS);
    }
    if (here.contains(SHARED) && !here.contains(ROWS)) {
      dropped.add(ROWS);
    } else if (here.contains(ROWS) && !here.contains(SHARED)) {
      dropped.add(SHARED);
    }
    return dropped;
  }

  /** What the settings say. */
  static UpdateRows of(Settings settings) {
    return new UpdateRows(
        settings.find(TOTAL),
        settings.find(SHARED),
        settings.given(ROWS),
        settings.given(STEPS),
        settings.find(DataKeys.EVAL_BATCH_SIZE));
  }

  /** Whether what they come to depends on the devices. */
  boolean dependsOnDevices() {
    return total.isPresent() || shared.isPresent();
  }

  /**
   * What they come to.
   *
   * @param shares how many devices share a micro-batch
   * @throws ConfigException where they do not divide
   */
  Split on(int shares) {
    int each =
        shared
            .map(all -> divided(SHARED, all, shares, devices(shares)))
            .or(() -> rows)
            .or(() -> total.isEmpty() ? ROWS.preset() : steps.map(n -> perDevice(n, shares)))
            .orElseGet(() -> perDevice(1, shares));
    int accumulation =
        steps
            .or(() -> total.isEmpty() ? STEPS.preset() : Optional.empty())
            .orElseGet(() ->
                divided(TOTAL, total.orElseThrow(), (long) each * shares, ofRows(each, shares)));
    new Checks()
        .require(
            rows.orElse(each) == each,
            "'%s': expected the %d of '%s'%s, got %d"
                .formatted(
                    SHARED.name(),
                    (long) rows.orElse(each) * shares,
                    ROWS.name(),
                    times(shares),
                    shared.orElse(0)),
            SHARED,
            ROWS)
        .require(
            total.isEmpty() || (long) each * shares * accumulation == total.get(),
            "'%s': expected the %d of '%s' x '%s'%s, got %d"
                .formatted(
                    TOTAL.name(),
                    (long) each * shares * accumulation,
                    ROWS.name(),
                    STEPS.name(),
                    times(shares),
                    total.orElse(0)),
            TOTAL,
            ROWS,
            STEPS)
        .done();
    return new Split(each, evaluation.orElse(each), accumulation);
  }

  /** Rows of a micro-batch on one device, of an update's. */
  private int perDevice(int accumulation, int shares) {
    String by = accumulation == 1 ? devices(shares) : of(accumulation, STEPS) + times(shares);
    return divided(TOTAL, total.orElseThrow(), (long) accumulation * shares, by);
  }

  private String ofRows(int each, int shares) {
    return shared.map(all -> of(all, SHARED)).orElseGet(() -> of(each, ROWS) + times(shares));
  }

  private static String of(int number, Key<Integer> key) {
    return number + " of '" + key.name() + "'";
  }

  private static String times(int shares) {
    return shares == 1 ? "" : " x " + devices(shares);
  }

  private static String devices(int shares) {
    return shares + " devices that share a batch";
  }

  private static int divided(Key<Integer> key, int all, long by, String words) {
    new Checks()
        .require(
            all % by == 0,
            "'%s': expected a multiple of the %s, got %d".formatted(key.name(), words, all),
            key)
        .done();
    return (int) (all / by);
  }

  void addTo(Values values) {
    values
        .put(TOTAL, total)
        .put(SHARED, shared)
        .put(ROWS, rows)
        .put(STEPS, steps)
        .put(DataKeys.EVAL_BATCH_SIZE, evaluation);
  }
}
