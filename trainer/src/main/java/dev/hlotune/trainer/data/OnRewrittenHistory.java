package dev.hlotune.trainer.data;

/**
 * What happens to a conversation of which the template shows earlier turns otherwise once later
 * ones follow, as templates do that drop the reasoning of earlier turns: the text that would be
 * trained on is not what the model sees when it answers.
 */
public enum OnRewrittenHistory {
  /** It is a bad record. */
  ERROR,
  /** Each answer becomes an example of its own, with the turns before it as they stand then. */
  SPLIT
}
