package dev.hlotune.trainer.benchmark;

import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.jinja.python.Characters;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.util.Arrays;

/**
 * Turns a text and how it goes on into tokens, as lm-evaluation-harness does: spaces at the end of
 * the text belong to what follows, both are encoded as one, and the tokens after as many as the
 * text alone has are what follows.
 */
final class PairEncoder {
  private final Tokenizer tokenizer;
  private final int beginning;
  private final String beginningText;

  /**
   * Encodes by a tokenizer.
   *
   * @throws DataException if it has neither a token that begins a text nor one that ends it
   */
  PairEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    String token =
        tokenizer
            .bosToken()
            .or(tokenizer::eosToken)
            .orElseThrow(() ->
                new DataException(
                    tokenizer.directory(),
                    "expected a token that begins or ends a text ('bos_token', 'eos_token'), got"
                        + " neither"));
    this.beginning =
        tokenizer
            .idOf(token)
            .orElseThrow(() ->
                new DataException(
                    tokenizer.directory(),
                    "token \"" + token + "\": expected an id in the vocabulary, got none"));
    this.beginningText = tokenizer.decode(new int[] {beginning}, false);
  }

  /**
   * The request of a text and how it goes on.
   *
   * @param maxLength tokens that the model has positions for
   * @param origin of the question, for errors
   */
  Request encode(String context, String continuation, int maxLength, Origin origin) {
    if (context.isEmpty()) {
      return alone(tokenizer.ids(continuation), maxLength, origin);
    }
    int end = context.length();
    while (end > 0 && Characters.isSpace(context.charAt(end - 1))) {
      end--;
    }
    String text = context.substring(0, end);
    int[] before = ids(text);
    int[] whole = ids(text + context.substring(end) + continuation);
    return Request.of(
        before,
        Arrays.copyOfRange(whole, Math.min(before.length, whole.length), whole.length),
        maxLength,
        origin);
  }

  private Request alone(int[] ids, int maxLength, Origin origin) {
    if (ids.length > 0 && ids[0] == beginning) {
      return Request.of(
          new int[] {beginning}, Arrays.copyOfRange(ids, 1, ids.length), maxLength, origin);
    }
    return Request.of(new int[] {beginning}, ids, maxLength, origin);
  }

  /** With what the tokenizer itself puts around a text, unless the text begins with it. */
  int[] ids(String text) {
    return text.startsWith(beginningText) ? tokenizer.ids(text) : tokenizer.idsOfText(text);
  }
}
