package dev.hlotune.trainer.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Counts of random data sets, over several waves of work, as slow and plain code counts them. */
final class AuditComparisonTest {
  private record Made(AuditData data, List<List<Integer>> texts) {}

  private static Made random(SplittableRandom random, String name, int count) {
    AuditData data = new AuditData(name);
    List<List<Integer>> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(2, 9);
      int[] ids = new int[length];
      float[] weights = new float[length];
      for (int t = 0; t < length; t++) {
        ids[t] = random.nextInt(1, 7);
        weights[t] = t > 0 && random.nextInt(3) > 0 ? 1 : 0;
      }
      data.add(ids, weights);
      texts.add(Arrays.stream(ids).boxed().toList());
    }
    return new Made(data, texts);
  }

  private static long count(AuditReport report, Check check) {
    return report.findings().stream()
        .filter(finding -> finding.check() == check)
        .mapToLong(Finding::count)
        .sum();
  }

  @Test
  void countsAreThoseOfPlainCode() {
    SplittableRandom random = new SplittableRandom(11);
    Made one = random(random, "one.jsonl", 600_000);
    Made two = random(random, "two.jsonl", 3_000);
    Made held = random(random, "held.jsonl", 2_000);
    List<Long> progress = new ArrayList<>();
    AuditReport report =
        Audit.of(
            List.of(one.data().source(), two.data().source()),
            List.of(held.data().source()),
            List.of(),
            (done, total) -> progress.add(done));
    Set<List<Integer>> texts = new HashSet<>(one.texts());
    texts.addAll(two.texts());
    assertEquals(603_000 - texts.size(), count(report, Check.DUPLICATES));
    assertEquals(
        held.texts().stream().filter(texts::contains).count(), count(report, Check.HELD_OUT_LEAK));
    // A begin token is 2; an example of two of them alone begins twice as well.
    assertEquals(
        one.texts().stream().filter(text -> text.get(0) == 2 && text.get(1) == 2).count(),
        report.train().sources().getFirst().tally(Check.DOUBLED_BOS).count());
    assertEquals(
        one.texts().stream().mapToLong(List::size).sum(),
        report.train().sources().getFirst().tokens());
    assertEquals(List.of(524_288L, 600_000L, 3_000L, 2_000L), progress);
  }
}
