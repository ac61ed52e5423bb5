package dev.hlotune.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.loop.RecipeProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The search among sizes whose memory is a formula, so that the right answer is known. */
final class MicroBatchSearchTest {
  private final List<Integer> tried = new ArrayList<>();

  private Optional<MicroBatch> search(
      long budget, int rows, IntToLongFunction bytes, boolean refuses, double seconds) {
    tried.clear();
    long peak = bytes.applyAsLong(rows);
    PlannedMemory memory = new PlannedMemory(100, 50, 50, peak - 200, peak, 0);
    PlannedProgram planned =
        new PlannedProgram(
            "step",
            RecipeProgram.Kind.TRAIN_STEP,
            1,
            !refuses || peak <= budget,
            memory,
            1,
            1,
            Optional.empty(),
            List.of(),
            0,
            seconds,
            Optional.empty());
    return MicroBatchSearch.search(
        budget,
        rows,
        planned,
        perDevice -> {
          tried.add(perDevice);
          long needed = bytes.applyAsLong(perDevice);
          boolean refused = refuses && needed > budget;
          return Optional.of(
              new TargetCompiler.Attempt<>(
                  Duration.ZERO,
                  refused ? Optional.empty() : Optional.of(needed),
                  refused ? OptionalLong.of(needed) : OptionalLong.empty(),
                  Optional.empty()));
        });
  }

  @ParameterizedTest
  @CsvSource({
    // budget, rows of the recipe, fixed, each row: the largest
    "1000, 1, 300, 100, 7",
    "1000, 4, 300, 100, 7",
    "1000, 16, 300, 100, 7",
    "1000, 1, 300, 650, 1",
    "1000, 2, 900, 90, 1",
    "100000, 8, 500, 31, 3209",
  })
  void findsTheLargestWhereMemoryIsALine(
      long budget, int rows, long fixed, long each, int expected) {
    for (boolean refuses : new boolean[] {false, true}) {
      MicroBatch found =
          search(budget, rows, count -> fixed + each * count, refuses, 0).orElseThrow();
      assertEquals(expected, found.perDevice(), () -> "tried " + tried);
      assertEquals(fixed + each * expected, found.peak());
      assertTrue(tried.size() <= 4, () -> "tried " + tried);
    }
  }

  @Test
  void findsAlmostTheLargestWhereMemoryIsNone() {
    // A compiler that saves more where it has to.
    MicroBatch found =
        search(1000, 1, count -> 300 + 60L * count + (count > 4 ? 90 : 0), true, 0).orElseThrow();
    assertEquals(10, found.perDevice(), () -> "tried " + tried);
  }

  @Test
  void saysWhereNothingFitsAndWhereMoreMay() {
    assertEquals(Optional.empty(), search(1000, 8, count -> 1000 + count, true, 0));
    assertEquals(List.of(4, 1), tried);
    // As if the compiler were better the more rows there are.
    MicroBatch cut =
        search(10_000, 1, count -> 300 + (long) (100 * Math.sqrt(count)), false, 31).orElseThrow();
    assertEquals(2, tried.size());
    assertTrue(cut.atLeast(), () -> cut + ", tried " + tried);
  }
}
