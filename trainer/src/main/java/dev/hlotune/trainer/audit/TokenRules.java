package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.DataOptions;
import dev.hlotune.trainer.data.EndTokens;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.data.TrainOn;
import dev.hlotune.trainer.data.TrainOnEnd;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is expected of the tokens of a data set.
 *
 * @param ends the tokens to stop by: the spelling by id, the template's first
 * @param special the spelling of all special tokens by id
 * @param end which of them are to be learned
 * @param begin the token that begins a text, where there is one
 * @param beginExpected whether the tokenizer puts it before every text
 * @param maxLength the most tokens of an example
 * @param vocabulary ids are below this: the rows of the model's embedding
 * @param known ids below this are the tokenizer's
 */
public record TokenRules(
    Map<Integer, String> ends,
    Map<Integer, String> special,
    TrainOnEnd end,
    OptionalInt begin,
    boolean beginExpected,
    int maxLength,
    int vocabulary,
    int known) {

  /** Copies the map, in its order. */
  public TokenRules {
    special = Map.copyOf(special);
    ends = Collections.unmodifiableMap(new LinkedHashMap<>(ends));
  }

  /**
   * What a data set's options and its tokenizer say.
   *
   * @param options how the data set is prepared
   * @param modelVocabulary the rows of the model's embedding; empty where the model is not known
   */
  public static TokenRules of(
      DataOptions options, Tokenizer tokenizer, OptionalInt modelVocabulary) {
    Map<Integer, String> ends = new LinkedHashMap<>();
    EndTokens.of(options.template(), tokenizer)
        .ids()
        .forEach(id -> ends.put(id, tokenizer.decode(new int[] {id}, false)));
    Map<Integer, String> special = new HashMap<>();
    tokenizer
        .allSpecialTokens()
        .forEach(token -> tokenizer.idOf(token).ifPresent(id -> special.put(id, token)));
    Optional<String> beginning = tokenizer.beginning();
    OptionalInt begin =
        beginning.or(tokenizer::bosToken).map(tokenizer::idOf).orElse(OptionalInt.empty());
    return new TokenRules(
        ends,
        special,
        options.supervision().trainOn() == TrainOn.ALL_TOKENS
                || options.supervision().trainOn() == TrainOn.ALL_BUT_PROMPTS
            ? TrainOnEnd.TURN
            : options.supervision().end(),
        begin,
        beginning.isPresent(),
        options.maxLength(),
        modelVocabulary.orElse(Math.max(1, tokenizer.vocabularySize())),
        tokenizer.vocabularySize());
  }

  /** How a token by which answers end is spelled. */
  public String spelled(int id) {
    return ends.getOrDefault(id, special.getOrDefault(id, "token " + id));
  }
}
