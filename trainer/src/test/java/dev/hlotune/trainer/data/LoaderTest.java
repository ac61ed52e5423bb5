package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LoaderTest {
  private static BatchPlan plan(Examples examples) {
    return BatchPlan.of(
        examples, BucketLadder.single(2, 32), new PlanOptions(true, true, false, 9, 2));
  }

  private static List<LoadedBatch> all(Loader loader) {
    List<LoadedBatch> batches = new ArrayList<>();
    try (loader) {
      loader.forEachRemaining(batches::add);
    }
    return batches;
  }

  @Test
  void givesEpochAfterEpochAndSaysWhereItIs() {
    BatchPlan plan = plan(TestData.examples(new SplittableRandom(1), 60, 32));
    int perEpoch = plan.stepsPerEpoch();
    int total = plan.totalSteps(2.5, -1);
    List<LoadedBatch> batches = all(Loader.start(plan, 1, total, 3));
    assertEquals(total, batches.size());
    for (int i = 0; i < total; i++) {
      LoadedBatch loaded = batches.get(i);
      assertEquals(i + 1, loaded.step());
      assertEquals((i + 1.0) / perEpoch, loaded.epoch());
      PlannedStep planned = plan.epoch(i / perEpoch).get(i % perEpoch);
      assertArrayEquals(
          BatchAssembler.assemble(plan.examples(), planned).tokens(), loaded.batch().tokens());
    }
  }

  @Test
  void resumingGivesWhatTheUninterruptedRunGives() {
    BatchPlan plan = plan(TestData.examples(new SplittableRandom(2), 60, 32));
    int total = plan.totalSteps(3, -1);
    List<LoadedBatch> whole = all(Loader.start(plan, 1, total, 1));
    for (int from : new int[] {2, plan.stepsPerEpoch() + 1, total}) {
      List<LoadedBatch> rest = all(Loader.start(plan, from, total, 4));
      assertEquals(total - from + 1, rest.size());
      for (int i = 0; i < rest.size(); i++) {
        LoadedBatch expected = whole.get(from - 1 + i);
        assertEquals(expected.step(), rest.get(i).step());
        assertArrayEquals(expected.batch().tokens(), rest.get(i).batch().tokens());
        assertArrayEquals(expected.batch().weights(), rest.get(i).batch().weights());
      }
    }
  }

  @Test
  void anErrorInTheBackgroundReachesTheReader() {
    Examples good = TestData.examples(new SplittableRandom(3), 60, 32);
    DataException trouble = new DataException("the disk is gone");
    Examples bad =
        new Examples() {
          @Override
          public int size() {
            return good.size();
          }

          @Override
          public int length(int index) {
            return good.length(index);
          }

          @Override
          public Example get(int index) {
            if (index == 40) {
              throw trouble;
            }
            return good.get(index);
          }
        };
    try (Loader loader = Loader.epoch(plan(bad), 2)) {
      assertSame(
          trouble, assertThrows(DataException.class, () -> loader.forEachRemaining(batch -> {})));
      assertThrows(IllegalStateException.class, loader::next);
    }
  }

  @Test
  void closingEndsTheBackgroundThread() {
    BatchPlan plan = plan(TestData.examples(new SplittableRandom(4), 60, 32));
    Loader loader = Loader.start(plan, 1, 100_000, 2);
    loader.next();
    loader.close();
    loader.close();
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().equals("hlotune-loader") && thread.isAlive()));
    assertEquals(
        "loader: is closed", assertThrows(IllegalStateException.class, loader::next).getMessage());
  }

  @Test
  void theEndIsTheEnd() {
    BatchPlan plan = plan(TestData.examples(new SplittableRandom(5), 3, 8));
    try (Loader loader = Loader.start(plan, 1, 1, 1)) {
      loader.next();
      assertFalse(loader.hasNext());
      assertThrows(NoSuchElementException.class, loader::next);
    }
  }
}
