package dev.hlotune.configs;

import java.util.List;

/** The keys that give a tokenizer special tokens, and the model rows for them. */
final class TokenKeys {
  private TokenKeys() {}

  static final Key<List<String>> ADDITIONAL =
      Key.optional(
              "additional_special_tokens",
              new TextList(),
              "Special tokens of the tokenizer. One that it lacks is added, and where the model has"
                  + " no row for it, its embedding and head get one, the mean of the others."
                  + " Without it, none.")
          .alias("extra_special_tokens", "new_special_tokens");

  static final Key<String> BOS =
      Key.optional(
          "bos_token",
          new Text(),
          "The token that begins a text; added like 'additional_special_tokens'. Without it, the"
              + " tokenizer's own.");

  static final Key<String> EOS =
      Key.optional(
          "eos_token",
          new Text(),
          "The token that ends a text; added like 'additional_special_tokens'. Without it, the"
              + " tokenizer's own.");

  static final Key<String> PAD =
      Key.optional(
          "pad_token",
          new Text(),
          "The token that fills a row when the saved model is used; added like"
              + " 'additional_special_tokens'. Training needs none. Without it, the tokenizer's"
              + " own.");

  static final Key<Integer> MULTIPLE_OF =
      Key.optional(
          "resize_token_embeddings_multiple_of",
          new WholeNumber(1, 1 << 20),
          "The rows of the embedding become a multiple of this, and at least as many as the"
              + " tokenizer has tokens, those included that were added before the run. Without it,"
              + " rows are added only for the tokens that these keys name.");
}
