package dev.hlotune.trainer.data;

/**
 * What of an example carries loss.
 *
 * @param tokens how many of its tokens
 * @param weight the sum of their weights, in double precision
 */
public record Learned(int tokens, double weight) {
  /** Counted in an example. */
  public static Learned of(Example example) {
    return of(example.weights(), 0, example.length());
  }

  /** Counted in the weights {@code from} to {@code to}. */
  static Learned of(float[] weights, int from, int to) {
    int tokens = 0;
    double weight = 0;
    for (int i = from; i < to; i++) {
      tokens += weights[i] != 0 ? 1 : 0;
      weight += weights[i];
    }
    return new Learned(tokens, weight);
  }
}
