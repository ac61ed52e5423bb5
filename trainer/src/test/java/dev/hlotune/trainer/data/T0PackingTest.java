package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.Shared;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real data set of widely varying lengths, from file to batches. */
class T0PackingTest {
  @Test
  void paddingIsUnderOnePercentLastBatchIncluded(@TempDir Path cache) {
    Path file = Shared.path("data/t0/train.jsonl");
    try (Tokenizer tokenizer = TestData.gpt2Tokenizer();
        PreparedData data =
            PreparedData.open(
                DataOptions.of(List.of(file), ChatTemplate.named("guide"), 1_024),
                tokenizer,
                50_257,
                cache,
                2,
                Progress.NONE)) {
      assertEquals(5_600, data.size());
      // As tokenized by transformers: see tools/fixtures/record_data.py.
      assertEquals(1_045_181, data.statistics().tokens());
      assertEquals(0, data.statistics().truncated());
      LengthHistogram lengths = LengthHistogram.of(data);
      for (int microBatches : new int[] {1, 4}) {
        for (int buckets : new int[] {1, 4}) {
          BucketLadder ladder =
              BucketLadder.packed(lengths, 4, 1_024, buckets, BucketCost.forWidth(256));
          BatchPlan plan =
              BatchPlan.of(data, ladder, new PlanOptions(true, true, false, 42, microBatches));
          PlanStatistics statistics = plan.statistics();
          assertTrue(statistics.buckets().size() <= buckets);
          assertTrue(statistics.paddingFraction() < 0.01, statistics.toString());
          assertEquals(data.statistics().tokens(), statistics.tokens());
        }
      }
    }
  }
}
