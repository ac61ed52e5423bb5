package dev.hlotune.trainer.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.BatchAssembler;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.BucketLadder;
import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.LengthHistogram;
import dev.hlotune.trainer.data.PlanOptions;
import dev.hlotune.trainer.data.PlannedStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackedSampleTest {
  private static final BucketLadder LADDER =
      new BucketLadder(List.of(new Bucket(8, 16), new Bucket(4, 32), new Bucket(2, 64)));

  private static Examples examples(int count) {
    SplittableRandom random = new SplittableRandom(4);
    return Examples.of(
        IntStream.range(0, count)
            .mapToObj(i -> {
              // Most are short, so that rows of every length are filled.
              int length = 2 + (int) (Math.pow(random.nextDouble(), 2.5) * 62.99);
              float[] weights = new float[length];
              Arrays.fill(weights, 1, length, 0.5f + i % 3);
              return new Example(new int[length], weights);
            })
            .toList());
  }

  private static BatchPlan plan(int count) {
    return BatchPlan.of(examples(count), LADDER, new PlanOptions(true, true, true, 5, 2));
  }

  private static List<Integer> chosen(PackedSample sample) {
    return sample.places().stream().map(PackedSample.Place::example).toList();
  }

  private static int[] row(PackedSample sample, PackedSample.Place place) {
    return sample.batches().get(place.batch()).rows()[place.row()];
  }

  @Test
  void theChosenAreWhereTheirPlacesSay() {
    BatchPlan plan = plan(500);
    PackedSample sample = PackedSample.of(plan, 20, 1);
    assertEquals(20, new HashSet<>(chosen(sample)).size());
    for (PackedSample.Place place : sample.places()) {
      assertEquals(place.example(), row(sample, place)[place.segment()]);
    }
    int[] lengths = chosen(sample).stream().mapToInt(plan.examples()::length).toArray();
    int[] sorted = lengths.clone();
    Arrays.sort(sorted);
    assertArrayEquals(sorted, lengths);
    assertEquals(LengthHistogram.of(plan.examples()).longest(), lengths[19]);
    assertTrue(lengths[0] < 5 && lengths[10] > 8 && lengths[10] < 30, Arrays.toString(lengths));
  }

  /** Rows are those that the run would train on, and batches are full of them. */
  @Test
  void rowsAreThoseOfThePlan() {
    BatchPlan plan = plan(500);
    List<List<Integer>> planned =
        plan.epoch(0).stream()
            .flatMap(step -> Arrays.stream(step.rows()))
            .map(row -> Arrays.stream(row).boxed().toList())
            .toList();
    PackedSample sample = PackedSample.of(plan, 20, 1);
    Set<List<Integer>> seen = new HashSet<>();
    for (PlannedStep batch : sample.batches()) {
      assertEquals(batch.bucket().rows(), batch.rows().length);
      for (int[] row : batch.rows()) {
        List<Integer> members = Arrays.stream(row).boxed().toList();
        assertTrue(planned.contains(members), members.toString());
        assertFalse(members.isEmpty());
        assertTrue(seen.add(members), "twice: " + members);
      }
    }
    assertEquals(3, plan.buckets().size());
    assertEquals(
        Set.copyOf(plan.buckets()),
        sample.batches().stream().map(PlannedStep::bucket).collect(Collectors.toSet()));
  }

  @Test
  void theSeedDecidesAndFewMayBeAll() {
    BatchPlan plan = plan(500);
    assertEquals(chosen(PackedSample.of(plan, 20, 1)), chosen(PackedSample.of(plan, 20, 1)));
    assertFalse(chosen(PackedSample.of(plan, 20, 1)).equals(chosen(PackedSample.of(plan, 20, 2))));
    assertEquals(3, PackedSample.of(plan, 1, 1).places().size(), "one of each bucket");
    BatchPlan few = plan(5);
    assertEquals(
        Set.of(0, 1, 2, 3, 4), Set.copyOf(chosen(PackedSample.of(few, 16, 1))), "all there are");
    BatchPlan one = plan(1);
    assertEquals(List.of(0), chosen(PackedSample.of(one, 16, 1)));
  }

  @Test
  void anIsolatedExampleHasTheOnlyWeights() {
    BatchPlan plan = plan(200);
    PackedSample sample = PackedSample.of(plan, 12, 1);
    List<Float> all = new ArrayList<>();
    for (PackedSample.Place place : sample.places()) {
      PlannedStep step = sample.batches().get(place.batch());
      Batch whole = BatchAssembler.assemble(plan.examples(), step);
      Batch isolated = Isolated.of(whole, plan.examples(), step, place);
      assertArrayEquals(whole.tokens(), isolated.tokens());
      assertArrayEquals(whole.segments(), isolated.segments());
      assertArrayEquals(whole.positions(), isolated.positions());
      Example example = plan.examples().get(place.example());
      assertEquals(example.supervised(), isolated.counts().supervised());
      List<Float> weights = new ArrayList<>();
      for (int i = 0; i < isolated.weights().length; i++) {
        if (isolated.weights()[i] != 0) {
          weights.add(isolated.weights()[i]);
          int segment = whole.segments()[i];
          assertEquals(place.segment() + 1, segment);
          assertEquals(place.row(), i / step.bucket().length());
        }
      }
      assertEquals(
          IntStream.range(1, example.length()).mapToObj(i -> example.weights()[i]).toList(),
          weights);
      all.addAll(weights);
    }
    assertTrue(all.size() > 100);
  }
}
