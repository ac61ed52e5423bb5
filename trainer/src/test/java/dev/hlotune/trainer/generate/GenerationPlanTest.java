package dev.hlotune.trainer.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GenerationPlanTest {
  @Test
  void everyPromptIsInOneBatchThatItFits() {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 50; round++) {
      int most = 256;
      List<Integer> lengths = random.ints(random.nextInt(1, 60), 1, most - 1).boxed().toList();
      int tokens = random.nextInt(1, 100);
      GenerationPlan plan = GenerationPlan.of(lengths, tokens, most, 8);
      List<Integer> all =
          plan.batches().stream().flatMap(batch -> batch.prompts().stream()).sorted().toList();
      assertEquals(IntStream.range(0, lengths.size()).boxed().toList(), all);
      assertTrue(plan.shapes().stream().mapToInt(GenerationShape::prompt).distinct().count() <= 4);
      for (GenerationPlan.Batch batch : plan.batches()) {
        GenerationShape shape = batch.shape();
        assertTrue(batch.prompts().size() <= shape.rows());
        for (int prompt : batch.prompts()) {
          int length = lengths.get(prompt);
          assertTrue(length <= shape.prompt());
          assertTrue(shape.prompt() + Math.min(tokens, most - length) <= shape.slots());
        }
      }
    }
  }

  @Test
  void oneShortPromptIsAloneInASmallShape() {
    assertEquals(
        List.of(new GenerationShape(1, 16, 32)),
        GenerationPlan.of(List.of(9), 10, 1024, 8).shapes());
    assertEquals(
        List.of(new GenerationShape(4, 128, 192)),
        GenerationPlan.of(List.of(9, 100, 120), 20, 1024, 8).shapes());
  }

  @Test
  void lengthsAreRoundedUpByHalfAtTheMost() {
    for (int length = 1; length < 5000; length++) {
      int rung = GenerationPlan.rung(length);
      assertTrue(rung >= length && rung - length < Math.max(16, length / 2 + 1), "" + length);
    }
    assertEquals(128, GenerationPlan.rung(128));
    assertEquals(192, GenerationPlan.rung(129));
  }
}
