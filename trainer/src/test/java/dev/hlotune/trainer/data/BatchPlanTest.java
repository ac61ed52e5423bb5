package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Properties that every plan has, whatever the examples and the options. */
class BatchPlanTest {
  record Case(long seed, PlanOptions options) {}

  static Stream<Case> cases() {
    return IntStream.range(0, 48)
        .mapToObj(i ->
            new Case(i, new PlanOptions(i % 2 == 0, i % 3 != 0, i % 4 < 2, i * 31L, 1 + i % 5)));
  }

  private static BatchPlan plan(Case some, Examples examples) {
    SplittableRandom random = new SplittableRandom(some.seed);
    int batch = random.nextInt(1, 6);
    LengthHistogram lengths = LengthHistogram.of(examples);
    BucketCost cost = new BucketCost(1.0 / 300, random.nextInt(500));
    int buckets = random.nextInt(1, 5);
    BucketLadder ladder =
        some.options.packing()
            ? BucketLadder.packed(lengths, batch, 256, buckets, cost)
            : BucketLadder.unpacked(lengths, batch, 256, buckets, cost);
    assertTrue(ladder.buckets().size() <= buckets);
    return BatchPlan.of(examples, ladder, some.options);
  }

  private static Examples examples(Case some) {
    SplittableRandom random = new SplittableRandom(some.seed + 1_000);
    return TestData.examples(random, random.nextInt(1, 400), random.nextInt(2, 257));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyExampleComesOnceInEachEpoch(Case some) {
    Examples examples = examples(some);
    BatchPlan plan = plan(some, examples);
    for (int epoch = 0; epoch < 3; epoch++) {
      List<PlannedStep> steps = plan.epoch(epoch);
      assertEquals(plan.stepsPerEpoch(), steps.size());
      int[] seen = new int[examples.size()];
      for (PlannedStep step : steps) {
        assertTrue(plan.buckets().contains(step.bucket()));
        assertEquals(step.bucket().rows() * some.options.microBatches(), step.rows().length);
        assertTrue(step.rows()[0].length > 0);
        for (int[] row : step.rows()) {
          int used = Arrays.stream(row).map(examples::length).sum();
          assertTrue(used <= step.bucket().length());
          assertTrue(some.options.packing() || row.length <= 1);
          Arrays.stream(row).forEach(index -> seen[index]++);
        }
      }
      assertTrue(Arrays.stream(seen).allMatch(count -> count == 1));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noTokenIsLostAndNoTargetCrosses(Case some) {
    Examples examples = examples(some);
    BatchPlan plan = plan(some, examples);
    long tokens = 0;
    double weight = 0;
    for (PlannedStep step : plan.epoch(0)) {
      Batch batch = BatchAssembler.assemble(examples, step);
      tokens += batch.counts().tokens();
      weight += batch.counts().weight();
      assertEquals(some.options.microBatches(), batch.microBatches());
      BatchChecks.check(examples, step, batch);
    }
    long expectedTokens = 0;
    double expectedWeight = 0;
    for (int i = 0; i < examples.size(); i++) {
      expectedTokens += examples.length(i);
      for (float w : examples.get(i).weights()) {
        expectedWeight += w;
      }
    }
    assertEquals(expectedTokens, tokens);
    assertEquals(expectedWeight, weight, 1e-6);
    assertEquals(expectedTokens, plan.statistics().tokens());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSameSeedGivesTheSameOrderAndAnotherEpochAnother(Case some) {
    Examples examples = examples(some);
    List<PlannedStep> once = plan(some, examples).epoch(1);
    List<PlannedStep> again = plan(some, examples).epoch(1);
    assertEquals(flat(once), flat(again));
    if (!some.options.shuffle()) {
      assertEquals(flat(once), flat(plan(some, examples).epoch(0)));
    }
  }

  private static List<List<Integer>> flat(List<PlannedStep> steps) {
    return steps.stream()
        .flatMap(step -> Arrays.stream(step.rows()))
        .map(row -> Arrays.stream(row).boxed().toList())
        .toList();
  }

  @Test
  void shufflingChangesWithSeedAndEpoch() {
    Examples examples = TestData.examples(new SplittableRandom(5), 300, 64);
    BucketLadder ladder = BucketLadder.single(4, 64);
    for (boolean packing : new boolean[] {true, false}) {
      BatchPlan plan = BatchPlan.of(examples, ladder, new PlanOptions(packing, true, true, 1, 1));
      BatchPlan other = BatchPlan.of(examples, ladder, new PlanOptions(packing, true, true, 2, 1));
      assertFalse(flat(plan.epoch(0)).equals(flat(plan.epoch(1))));
      assertFalse(flat(plan.epoch(0)).equals(flat(other.epoch(0))));
    }
  }

  @Test
  void withoutShufflingAndPackingTheOrderIsThatOfTheFile() {
    Examples examples = TestData.examples(new SplittableRandom(6), 30, 64);
    BatchPlan plan =
        BatchPlan.of(
            examples, BucketLadder.single(4, 64), new PlanOptions(false, false, false, 0, 1));
    int[] order =
        plan.epoch(0).stream()
            .flatMap(step -> Arrays.stream(step.rows()))
            .flatMapToInt(Arrays::stream)
            .toArray();
    assertArrayEquals(IntStream.range(0, 30).toArray(), order);
    assertEquals(8, plan.stepsPerEpoch());
  }

  /** But for the fewer than a batch that are left over in each bucket and move up. */
  @Test
  void groupedBatchesHoldExamplesOfTheirBucketAlone() {
    Examples examples = TestData.examples(new SplittableRandom(8), 500, 64);
    BucketLadder ladder =
        new BucketLadder(List.of(new Bucket(4, 8), new Bucket(4, 24), new Bucket(4, 64)));
    PlanOptions options = new PlanOptions(false, true, true, 3, 2);
    BatchPlan plan = BatchPlan.of(examples, ladder, options);
    for (int epoch = 0; epoch < 3; epoch++) {
      int strangers = 0;
      int batches = 0;
      for (PlannedStep step : plan.epoch(epoch)) {
        batches++;
        for (int[] row : step.rows()) {
          strangers +=
              row.length == 1 && !ladder.holding(examples.length(row[0])).equals(step.bucket())
                  ? 1
                  : 0;
        }
      }
      assertTrue(batches > 50);
      assertTrue(strangers < 2 * 8, "moved up: " + strangers);
    }
    assertFalse(flat(plan.epoch(0)).equals(flat(plan.epoch(1))));
    BatchPlan any = BatchPlan.of(examples, ladder, new PlanOptions(false, true, false, 3, 2));
    assertTrue(
        any.statistics().paddingFraction() > plan.statistics().paddingFraction() + 0.1,
        () -> any.statistics() + " and " + plan.statistics());
    for (PlannedStep step : any.epoch(0)) {
      int longest =
          Arrays.stream(step.rows())
              .flatMapToInt(Arrays::stream)
              .map(examples::length)
              .max()
              .orElseThrow();
      assertEquals(ladder.holding(longest), step.bucket());
    }
  }

  /** A sum over all examples does not need their order, so evaluation pads as little as it can. */
  @Test
  void evaluationTakesExamplesByLength() {
    Examples examples = TestData.examples(new SplittableRandom(9), 300, 64);
    BucketLadder ladder = new BucketLadder(List.of(new Bucket(4, 16), new Bucket(4, 64)));
    BatchPlan plan = BatchPlan.of(examples, ladder, PlanOptions.evaluation(false));
    BatchPlan inOrder = BatchPlan.of(examples, ladder, new PlanOptions(false, false, false, 0, 1));
    assertTrue(plan.statistics().positions() < inOrder.statistics().positions());
    assertEquals(inOrder.statistics().tokens(), plan.statistics().tokens());
    assertEquals(
        flat(plan.epoch(0)),
        flat(BatchPlan.of(examples, ladder, PlanOptions.evaluation(false)).epoch(0)));
    assertTrue(PlanOptions.evaluation(true).packing());
    assertFalse(PlanOptions.evaluation(true).grouped());
  }

  @Test
  void onlyTheLongestBucketHasEmptyRows() {
    for (int seed = 0; seed < 20; seed++) {
      Examples examples = TestData.examples(new SplittableRandom(seed), 700, 256);
      BucketLadder ladder =
          new BucketLadder(List.of(new Bucket(16, 64), new Bucket(8, 128), new Bucket(4, 256)));
      BatchPlan plan = BatchPlan.of(examples, ladder, new PlanOptions(true, true, false, seed, 2));
      int withEmptyRows = 0;
      for (PlannedStep step : plan.epoch(0)) {
        if (Arrays.stream(step.rows()).anyMatch(row -> row.length == 0)) {
          assertEquals(ladder.longest(), step.bucket());
          withEmptyRows++;
        }
      }
      assertTrue(withEmptyRows <= 1);
    }
  }

  @Test
  void stepsFollowEpochsOrTheirMaximum() {
    Examples examples = TestData.examples(new SplittableRandom(7), 10, 8);
    BatchPlan plan =
        BatchPlan.of(
            examples, BucketLadder.single(1, 8), new PlanOptions(false, false, false, 0, 1));
    assertEquals(10, plan.totalSteps(1, -1));
    assertEquals(25, plan.totalSteps(2.5, 0));
    assertEquals(1, plan.totalSteps(0.01, -1));
    assertEquals(7, plan.totalSteps(3, 7));
  }

  @Test
  void whatCannotBePlannedIsRefused() {
    Examples examples = TestData.examples(new SplittableRandom(7), 50, 64);
    BucketLadder ladder = BucketLadder.single(2, 16);
    int longest = LengthHistogram.of(examples).longest();
    assertEquals(
        "packing: expected examples of at most 16 tokens, got one of " + longest,
        assertThrows(
                DataException.class,
                () -> BatchPlan.of(examples, ladder, new PlanOptions(true, false, false, 0, 1)))
            .getMessage());
    assertThrows(
        DataException.class,
        () -> BatchPlan.of(examples, ladder, new PlanOptions(false, false, false, 0, 1)));
    assertEquals(
        "batches: expected at least one example, got none",
        assertThrows(
                DataException.class,
                () ->
                    BatchPlan.of(
                        Examples.of(List.of()), ladder, new PlanOptions(true, false, false, 0, 1)))
            .getMessage());
  }
}
