package dev.hlotune.trainer.generate;

import java.util.Arrays;

/**
 * An answer.
 *
 * @param tokens all of them, also the one that ended it and those that a tool forced
 * @param reason why there are not more
 */
@SuppressWarnings("ArrayRecordComponent") // Made once; passed on as it is.
public record Generated(int[] tokens, FinishReason reason) {
  /** The tokens without the one that ended the answer. */
  public int[] answer() {
    return reason == FinishReason.END_TOKEN ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
  }
}
