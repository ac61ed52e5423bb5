package dev.hlotune.trainer.data;

/**
 * What became of a wanted special token.
 *
 * @param token as it is spelled
 * @param id its id
 * @param change what had to be done for it
 */
public record TokenAddition(String token, int id, Change change) {
  /** What a tokenizer made of a wanted token. */
  public enum Change {
    /** It was a special token already. */
    NONE,
    /**
     * It was an ordinary token of the vocabulary; it keeps its id and is found whole from now on.
     */
    MADE_SPECIAL,
    /** It got an id of its own, after all others. */
    ADDED
  }
}
