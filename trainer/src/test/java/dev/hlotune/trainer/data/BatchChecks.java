package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Reads a batch back, position by position. */
final class BatchChecks {
  private BatchChecks() {}

  /** Every row holds exactly the tokens, targets and weights of its examples. */
  static void check(Examples examples, PlannedStep step, Batch batch) {
    int length = batch.bucket().length();
    long padding = 0;
    for (int row = 0; row < step.rows().length; row++) {
      int at = row * length;
      int segment = 0;
      for (int index : step.rows()[row]) {
        Example example = examples.get(index);
        segment++;
        for (int i = 0; i < example.length(); i++, at++) {
          boolean last = i + 1 == example.length();
          assertEquals(example.ids()[i], batch.tokens()[at]);
          assertEquals(segment, batch.segments()[at]);
          assertEquals(i, batch.positions()[at]);
          assertEquals(last ? 0 : example.ids()[i + 1], batch.targets()[at]);
          assertEquals(last ? 0 : example.weights()[i + 1], batch.weights()[at]);
        }
      }
      for (; at < (row + 1) * length; at++) {
        padding++;
        assertEquals(0, batch.tokens()[at]);
        assertEquals(0, batch.segments()[at]);
        assertEquals(0, batch.positions()[at]);
        assertEquals(0, batch.targets()[at]);
        assertEquals(0, batch.weights()[at]);
      }
    }
    assertEquals(padding, batch.counts().padding());
  }
}
