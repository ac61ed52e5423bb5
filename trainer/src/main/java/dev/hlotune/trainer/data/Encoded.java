package dev.hlotune.trainer.data;

/**
 * A tokenized text.
 *
 * @param ids token ids
 * @param starts the first character of each token, counted in code points
 * @param ends the character after each token's last, counted in code points
 */
@SuppressWarnings("ArrayRecordComponent") // Short-lived, one per record of the data set.
public record Encoded(int[] ids, int[] starts, int[] ends) {
  /** The number of tokens. */
  public int length() {
    return ids.length;
  }
}
