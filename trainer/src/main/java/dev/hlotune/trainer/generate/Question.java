package dev.hlotune.trainer.generate;

import dev.hlotune.trainer.data.Example;
import java.util.Arrays;
import java.util.Optional;

/**
 * What stands before an answer, and the answer. Tokens are compared in the encoding of the whole
 * conversation, so the model is asked exactly as it was trained.
 *
 * @param prompt ids up to where the answer begins
 * @param answer ids of the answer, without its end
 * @param end the id that ends it
 */
@SuppressWarnings("ArrayRecordComponent") // Ids are passed on as they are.
public record Question(int[] prompt, int[] answer, int end) {
  /** The last supervised stretch of an example, if something stands before it. */
  public static Optional<Question> of(Example example) {
    float[] weights = example.weights();
    int last = weights.length;
    while (last > 0 && weights[last - 1] == 0) {
      last--;
    }
    int first = last;
    while (first > 0 && weights[first - 1] != 0) {
      first--;
    }
    if (first < 2 || last - first < 2) {
      // All of it is supervised, or the answer was cut away.
      return Optional.empty();
    }
    int[] ids = example.ids();
    return Optional.of(
        new Question(
            Arrays.copyOf(ids, first), Arrays.copyOfRange(ids, first, last - 1), ids[last - 1]));
  }
}
