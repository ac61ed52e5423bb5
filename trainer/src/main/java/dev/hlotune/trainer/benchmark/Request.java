package dev.hlotune.trainer.benchmark;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.util.Arrays;

/**
 * Tokens whose end is scored. The array is not copied.
 *
 * @param tokens all of them, the last of which goes into no model: nothing is predicted after it
 * @param scored how many at the end are scored
 * @param cut whether tokens were left out at the beginning
 */
@SuppressWarnings("ArrayRecordComponent") // Many of these, each read once.
record Request(int[] tokens, int scored, boolean cut) {
  /**
   * A request, cut at its beginning to what the model has positions for.
   *
   * @param context at least one token
   * @param continuation what is scored
   * @throws DataException if nothing is scored, or more than the model can see
   */
  static Request of(int[] context, int[] continuation, int maxLength, Origin origin) {
    if (continuation.length == 0 || continuation.length > maxLength || context.length == 0) {
      throw new DataException(
          origin,
          null,
          "answer: expected 1 to %d tokens after a question of at least 1, got %d after %d"
              .formatted(maxLength, continuation.length, context.length));
    }
    int[] all = Arrays.copyOf(context, context.length + continuation.length);
    System.arraycopy(continuation, 0, all, context.length, continuation.length);
    int from = Math.max(0, all.length - maxLength - 1);
    return new Request(
        from == 0 ? all : Arrays.copyOfRange(all, from, all.length), continuation.length, from > 0);
  }

  /** How many tokens go into the model. */
  int length() {
    return tokens.length - 1;
  }

  /** The place from which on the model's predictions count. */
  int start() {
    return length() - scored;
  }
}
