package dev.hlotune.trainer.data;

import java.util.List;

/** Maps the spans of a text to its tokens. */
final class LossWeights {
  private LossWeights() {}

  /**
   * The weight of each token: that of the heaviest span it overlaps, by magnitude, or 0. A token
   * that reaches over the edge of a span belongs to the span: cutting it off would leave the first
   * token of an answer untrained. The first token of all gets 0, since nothing predicts it.
   */
  static float[] of(Rendered rendered, Encoded encoded) {
    float[] weights = new float[encoded.length()];
    List<Span> spans = rendered.spans();
    int[] bounds = codePoints(rendered);
    int first = 0;
    int previousEnd = 0;
    for (int token = 0; token < weights.length; token++) {
      int start = encoded.starts()[token];
      int end = encoded.ends()[token];
      if (start == end) {
        // Tokenizers that trim offsets leave nothing of a token of spaces: it covers the gap.
        start = previousEnd;
      }
      previousEnd = end;
      while (first < spans.size() && bounds[2 * first + 1] <= start) {
        first++;
      }
      for (int i = first; token > 0 && i < spans.size() && bounds[2 * i] < end; i++) {
        float weight = spans.get(i).weight();
        if (Math.abs(weight) > Math.abs(weights[token])) {
          weights[token] = weight;
        }
      }
    }
    return weights;
  }

  /** Starts and ends of the spans, from UTF-16 indices to code points. */
  private static int[] codePoints(Rendered rendered) {
    String text = rendered.text();
    int[] bounds = new int[2 * rendered.spans().size()];
    int at = 0;
    int points = 0;
    int next = 0;
    for (Span span : rendered.spans()) {
      points += text.codePointCount(at, span.start());
      bounds[next++] = points;
      points += text.codePointCount(span.start(), span.end());
      bounds[next++] = points;
      at = span.end();
    }
    return bounds;
  }
}
