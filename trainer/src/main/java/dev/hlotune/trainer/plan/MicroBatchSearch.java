package dev.hlotune.trainer.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Searches the largest micro-batch that fits. Memory grows about linearly with its rows, so two
 * compiled sizes say which will be the largest; that one is compiled too, and the next smaller ones
 * where it does not fit after all.
 */
final class MicroBatchSearch {
  private static final int MOST_COMPILATIONS = 5;

  /** Where a compiler takes longer than so many seconds, fewer. */
  private static final double SLOW = 30;

  private static final int MOST_SLOW_COMPILATIONS = 2;
  private static final int MOST_ROWS = 4096;

  private final long budget;
  private final int first;
  private final TreeMap<Integer, Long> known = new TreeMap<>();
  private final TreeMap<Integer, Boolean> fits = new TreeMap<>();

  /** Compiles the step with another number of rows on each device. */
  @FunctionalInterface
  interface Compiling {
    /**
     * Compiles it.
     *
     * @return bytes of a device; nothing where there is no such program
     */
    Optional<TargetCompiler.Attempt<Long>> rows(int perDevice);
  }

  private MicroBatchSearch(long budget, int rows, PlannedMemory memory, boolean compiled) {
    this.budget = budget;
    note(rows, memory.peak(), compiled);
    this.first = first(rows, memory);
  }

  /**
   * The largest micro-batch.
   *
   * @param budget bytes of a device
   * @param rows on each device, as the recipe has them
   * @param planned its most demanding step
   * @return nothing where not even one row fits
   */
  static Optional<MicroBatch> search(
      long budget, int rows, PlannedProgram planned, Compiling compiling) {
    MicroBatchSearch search =
        new MicroBatchSearch(budget, rows, planned.memory(), planned.compiled());
    int most = planned.seconds() > SLOW ? MOST_SLOW_COMPILATIONS : MOST_COMPILATIONS;
    for (int done = 0; done < most; done++) {
      Optional<Integer> next = search.next();
      Optional<TargetCompiler.Attempt<Long>> made = next.flatMap(compiling::rows);
      if (made.isEmpty()) {
        break;
      }
      TargetCompiler.Attempt<Long> attempt = made.get();
      search.note(
          next.get(),
          attempt.result().orElseGet(() -> attempt.wanted().orElse(Long.MAX_VALUE)),
          attempt.result().isPresent());
    }
    return search
        .largest()
        .map(best ->
            new MicroBatch(best, search.known.getOrDefault(best, 0L), search.next().isPresent()));
  }

  /**
   * The size to compile beside the recipe's: twice what would fit if all activations grew with the
   * rows, as some do not; the further the two are apart, the better is the line through them.
   */
  private int first(int rows, PlannedMemory memory) {
    long room = budget - memory.peak() + memory.activations();
    double times = 2.0 * room / Math.max(1, memory.activations());
    return (int) Math.clamp(Math.floor(rows * times), 2.0 * rows, MOST_ROWS);
  }

  private void note(int rows, long bytes, boolean compiled) {
    known.put(rows, bytes);
    fits.put(rows, compiled && bytes <= budget);
  }

  private Optional<Integer> largest() {
    return fits.entrySet().stream()
        .filter(Map.Entry::getValue)
        .map(Map.Entry::getKey)
        .max(Comparator.naturalOrder());
  }

  /** The next size to try; nothing where the largest is found. */
  private Optional<Integer> next() {
    int low = largest().orElse(0);
    int high =
        fits.entrySet().stream()
            .filter(one -> !one.getValue())
            .mapToInt(Map.Entry::getKey)
            .min()
            .orElse(MOST_ROWS + 1);
    if (high - low <= 1) {
      return Optional.empty();
    }
    if (known.size() < 2) {
      return Optional.of(low == 0 ? Math.max(1, known.firstKey() / 2) : first);
    }
    if (known.size() == 2 && known.containsValue(Long.MAX_VALUE)) {
      // Nothing is known of the one that was refused; a second point is needed.
      return Optional.of(Math.max(low + 1, (low + high) / 2));
    }
    int predicted = predicted();
    if (predicted <= low) {
      return low == 0 ? Optional.of(1) : Optional.empty();
    }
    return Optional.of(Math.min(predicted, high - 1));
  }

  /** By the line through the two largest sizes, of those that fit if there are two of them. */
  private int predicted() {
    List<Integer> sizes =
        fits.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList();
    if (sizes.size() < 2) {
      sizes = List.copyOf(known.keySet());
    }
    int second = sizes.getLast();
    int before = sizes.get(sizes.size() - 2);
    long more = known.getOrDefault(second, 0L);
    double slope = (double) (more - known.getOrDefault(before, 0L)) / (second - before);
    if (!(slope > 0) || more == Long.MAX_VALUE) {
      return (largest().orElse(0) + second) / 2;
    }
    return (int) Math.clamp(Math.floor(second + (budget - more) / slope), 0, MOST_ROWS);
  }
}
