package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LossWeightsTest {
  private static float[] weights(String text, List<Span> spans, int... bounds) {
    int[] starts = new int[bounds.length / 2];
    int[] ends = new int[starts.length];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = bounds[2 * i];
      ends[i] = bounds[2 * i + 1];
    }
    return LossWeights.of(new Rendered(text, spans), new Encoded(starts, starts, ends));
  }

  @Test
  void aTokenThatReachesOverAnEdgeBelongsToTheSpan() {
    List<Span> spans = List.of(new Span(3, 6, 1));
    assertArrayEquals(new float[] {0, 1, 1, 0}, weights("abcdefgh", spans, 0, 2, 2, 4, 4, 7, 7, 8));
  }

  @Test
  void touchingIsNotOverlapping() {
    List<Span> spans = List.of(new Span(2, 4, 1));
    assertArrayEquals(new float[] {0, 1, 0}, weights("abcdef", spans, 0, 2, 2, 4, 4, 6));
  }

  @Test
  void theHeaviestSpanDecides() {
    List<Span> spans = List.of(new Span(1, 2, 0.5f), new Span(2, 3, 2), new Span(3, 4, -3));
    assertArrayEquals(new float[] {0, 2, -3}, weights("abcde", spans, 0, 1, 1, 3, 2, 5));
  }

  @Test
  void theFirstTokenIsNeverATarget() {
    List<Span> spans = List.of(new Span(0, 4, 1));
    assertArrayEquals(new float[] {0, 1}, weights("abcd", spans, 0, 2, 2, 4));
  }

  @Test
  void offsetsCountCodePointsAndSpansUtf16() {
    String text = "🎉🎉 ab";
    // Six UTF-16 units before "b", four code points before it.
    List<Span> spans = List.of(new Span(6, 7, 1));
    assertArrayEquals(new float[] {0, 0, 0, 1}, weights(text, spans, 0, 1, 1, 2, 2, 4, 4, 5));
  }

  @Test
  void aTrimmedTokenOfSpacesCoversTheGapBeforeIt() {
    List<Span> spans = List.of(new Span(1, 6, 1));
    // The middle token is three spaces, whose offsets were trimmed to nothing.
    assertArrayEquals(new float[] {0, 1, 1, 0}, weights("a   b c", spans, 0, 1, 4, 4, 4, 5, 6, 7));
  }
}
