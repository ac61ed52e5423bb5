package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ExampleCutterTest {
  /** What came of one example. */
  private static final class Collected implements ExampleCutter.Sink {
    final List<int[]> pieces = new ArrayList<>();
    final List<DropReason> dropped = new ArrayList<>();
    int cut;

    @Override
    public void add(int[] ids, float[] weights, int from, int to) {
      pieces.add(Arrays.copyOfRange(ids, from, to));
    }

    @Override
    public void drop(DropReason reason) {
      dropped.add(reason);
    }

    @Override
    public void truncated(int tokens) {
      cut = tokens;
    }
  }

  private static Collected cut(Truncation truncation, int maxLength, float... weights) {
    int[] ids = new int[weights.length];
    Arrays.setAll(ids, i -> i);
    Collected collected = new Collected();
    new ExampleCutter(maxLength, truncation).cut(ids, weights, collected);
    return collected;
  }

  @Test
  void whatFitsStaysWhole() {
    for (Truncation truncation : Truncation.values()) {
      Collected whole = cut(truncation, 3, 0, 1, 0);
      assertArrayEquals(new int[] {0, 1, 2}, whole.pieces.getFirst());
      assertEquals(0, whole.cut);
      assertEquals(List.of(DropReason.NO_SUPERVISED_TOKEN), cut(truncation, 3, 0, 0, 0).dropped);
    }
  }

  @Test
  void oneEndStays() {
    Collected start = cut(Truncation.KEEP_START, 3, 0, 1, 0, 0, 1);
    assertArrayEquals(new int[] {0, 1, 2}, start.pieces.getFirst());
    assertEquals(2, start.cut);
    Collected end = cut(Truncation.KEEP_END, 3, 0, 1, 0, 0, 1);
    assertArrayEquals(new int[] {2, 3, 4}, end.pieces.getFirst());
    assertEquals(List.of(DropReason.TOO_LONG), cut(Truncation.DROP, 3, 0, 1, 0, 0, 1).dropped);
  }

  @Test
  void whatHasNothingLeftToLearnIsDropped() {
    assertEquals(
        List.of(DropReason.CUT_AWAY), cut(Truncation.KEEP_START, 3, 0, 0, 0, 0, 1).dropped);
    // The first token that is kept is predicted by nothing.
    assertEquals(List.of(DropReason.CUT_AWAY), cut(Truncation.KEEP_END, 3, 0, 0, 1, 0, 0).dropped);
  }

  @Test
  void piecesHoldEveryTargetOnce() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 200; round++) {
      float[] weights = new float[random.nextInt(2, 60)];
      for (int i = 1; i < weights.length; i++) {
        weights[i] = random.nextInt(4) == 0 ? 1 : 0;
      }
      weights[weights.length - 1] = 1;
      int maxLength = random.nextInt(2, 20);
      int[] seen = new int[weights.length];
      Collected pieces = cut(Truncation.SPLIT, maxLength, weights);
      for (int[] piece : pieces.pieces) {
        assertTrue(piece.length <= maxLength);
        for (int i = 1; i < piece.length; i++) {
          seen[piece[i]]++;
        }
      }
      for (int i = 1; i < weights.length; i++) {
        assertTrue(seen[i] <= 1, "a target twice");
        assertTrue(seen[i] == 1 || weights[i] == 0, "a lost target");
      }
    }
  }
}
