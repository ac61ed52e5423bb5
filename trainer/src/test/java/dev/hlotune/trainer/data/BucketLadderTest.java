package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.source.DataException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketLadderTest {
  private static double cost(LengthHistogram lengths, BucketLadder ladder, BucketCost cost) {
    double sum = ladder.buckets().size() * cost.compile();
    for (int length = 1; length <= lengths.longest(); length++) {
      sum += lengths.count(length) * cost.row(ladder.holding(length).length());
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void noOtherLadderOfUnpackedRowsCostsLess(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LengthHistogram lengths =
        LengthHistogram.of(TestData.examples(random, random.nextInt(5, 200), 56));
    BucketCost cost = new BucketCost(random.nextDouble() / 50, random.nextInt(2_000));
    BucketLadder chosen = BucketLadder.unpacked(lengths, 2, 56, 3, cost);
    double least = Double.POSITIVE_INFINITY;
    int top = (lengths.longest() + 7) / 8 * 8;
    for (int a = 8; a <= top; a += 8) {
      for (int b = a; b <= top; b += 8) {
        BucketLadder other =
            new BucketLadder(
                List.of(a, b, top).stream().distinct().map(l -> new Bucket(2, l)).toList());
        least = Math.min(least, cost(lengths, other, cost));
      }
    }
    assertEquals(least, cost(lengths, chosen, cost), 1e-6);
  }

  @Test
  void packedShapesHaveEqualTokensAndShortOnesServeShortExamples() {
    LengthHistogram lengths =
        LengthHistogram.of(TestData.examples(new SplittableRandom(3), 5_000, 1_024));
    BucketLadder ladder = BucketLadder.packed(lengths, 4, 1_024, 4, BucketCost.forWidth(256));
    assertTrue(ladder.buckets().size() > 1, ladder.toString());
    assertEquals(new Bucket(4, 1_024), ladder.longest());
    ladder.buckets().forEach(bucket -> assertEquals(4_096, bucket.tokens()));
  }

  @Test
  void aShapeMustBeWorthItsCompilation() {
    LengthHistogram lengths =
        LengthHistogram.of(TestData.examples(new SplittableRandom(3), 5_000, 1_024));
    BucketCost dear = new BucketCost(1.0 / 1_536, 1e12);
    assertEquals(1, BucketLadder.packed(lengths, 4, 1_024, 4, dear).buckets().size());
    assertEquals(1, BucketLadder.unpacked(lengths, 4, 1_024, 4, dear).buckets().size());
  }

  @Test
  void examplesThatFillHalfARowGetRowsOfTheirOwnLength() {
    Example example = new Example(new int[600], new float[600]);
    LengthHistogram lengths =
        LengthHistogram.of(Examples.of(java.util.Collections.nCopies(400, example)));
    BucketLadder ladder = BucketLadder.packed(lengths, 4, 1_024, 4, BucketCost.forWidth(256));
    assertEquals(List.of(new Bucket(6, 680)), ladder.buckets());
  }

  @Test
  void aLadderServesTwoDataSets() {
    LengthHistogram a = LengthHistogram.of(TestData.examples(new SplittableRandom(1), 50, 40));
    LengthHistogram b = LengthHistogram.of(TestData.examples(new SplittableRandom(2), 20, 90));
    LengthHistogram both = a.plus(b);
    assertEquals(70, both.examples());
    assertEquals(a.tokens() + b.tokens(), both.tokens());
    assertEquals(Math.max(a.longest(), b.longest()), both.longest());
    assertEquals(both.longest(), both.quantile(1));
    assertTrue(both.quantile(0.5) <= both.quantile(0.9));
  }

  @Test
  void nonsenseIsRefused() {
    assertEquals(
        "bucket ladder: expected distinct lengths, got 8 twice",
        assertThrows(
                DataException.class,
                () -> new BucketLadder(List.of(new Bucket(1, 8), new Bucket(2, 8))))
            .getMessage());
    LengthHistogram lengths =
        LengthHistogram.of(TestData.examples(new SplittableRandom(1), 500, 40));
    assertEquals(
        "bucket ladder: expected examples of at most 16 tokens, got one of " + lengths.longest(),
        assertThrows(
                DataException.class,
                () -> BucketLadder.packed(lengths, 1, 16, 1, BucketCost.forWidth(8)))
            .getMessage());
  }
}
