package dev.hlotune.configs;

import java.util.List;
import java.util.Optional;

/**
 * Special tokens that a run wants of its tokenizer, whether that has them or not.
 *
 * @param additional those without a role; may be empty
 * @param bos the token that begins a text; empty takes the tokenizer's own, as for the next two
 * @param eos the token that ends a text
 * @param pad the token that fills a row when the saved model is used
 * @param multipleOf what the rows of the embedding become a multiple of; empty adds no more than
 *     are needed
 */
public record TokenConfig(
    List<String> additional,
    Optional<String> bos,
    Optional<String> eos,
    Optional<String> pad,
    Optional<Integer> multipleOf) {

  /** Holds the bounds and keeps its own copy of the list. */
  public TokenConfig {
    additional = List.copyOf(additional);
    new Checks()
        .within(TokenKeys.ADDITIONAL, additional)
        .within(TokenKeys.BOS, bos)
        .within(TokenKeys.EOS, eos)
        .within(TokenKeys.PAD, pad)
        .within(TokenKeys.MULTIPLE_OF, multipleOf)
        .done();
  }

  static TokenConfig of(Settings settings) {
    return new TokenConfig(
        settings.find(TokenKeys.ADDITIONAL).orElse(List.of()),
        settings.find(TokenKeys.BOS),
        settings.find(TokenKeys.EOS),
        settings.find(TokenKeys.PAD),
        settings.find(TokenKeys.MULTIPLE_OF));
  }

  void addTo(Values values) {
    values
        .put(TokenKeys.ADDITIONAL, Optional.of(additional).filter(tokens -> !tokens.isEmpty()))
        .put(TokenKeys.BOS, bos)
        .put(TokenKeys.EOS, eos)
        .put(TokenKeys.PAD, pad)
        .put(TokenKeys.MULTIPLE_OF, multipleOf);
  }
}
