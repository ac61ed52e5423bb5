package dev.hlotune.trainer.generate;

import dev.hlotune.trainer.data.Tokenizer;
import java.util.Collection;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Tokens as text, as they come. A character whose bytes are in several tokens comes with the last
 * of them. Special tokens are left out, but for some.
 */
public final class TextStream {
  private static final String INCOMPLETE = "\uFFFD";

  private final Tokenizer tokenizer;
  private final Set<Integer> shown;

  /** The tokens of the last piece, then those that no text was given of yet. */
  private int[] tokens = {};

  /** How many of the tokens belong to the last piece. */
  private int given;

  /**
   * A text without a character.
   *
   * @param shown special tokens that are text nevertheless
   */
  public TextStream(Tokenizer tokenizer, Collection<Integer> shown) {
    this.tokenizer = tokenizer;
    this.shown = Set.copyOf(shown);
  }

  /** All of it, of tokens that are all there. */
  public static String of(Tokenizer tokenizer, Collection<Integer> shown, int[] tokens) {
    return tokenizer.decode(
        IntStream.of(tokens)
            .filter(token -> shown.contains(token) || !tokenizer.isSpecial(token))
            .toArray(),
        false);
  }

  /** What the next token adds; nothing, where a character goes on in the one after it. */
  public String add(int token) {
    if (!shown.contains(token) && tokenizer.isSpecial(token)) {
      return "";
    }
    tokens = IntStream.concat(IntStream.of(tokens), IntStream.of(token)).toArray();
    return piece(false);
  }

  /** What is left at the end: of a character that is not complete, U+FFFD. */
  public String end() {
    return piece(true);
  }

  /** What is new, decoded beside the last piece, as a word may depend on the one before it. */
  private String piece(boolean last) {
    String before = tokenizer.decode(IntStream.of(tokens).limit(given).toArray(), false);
    String now = tokenizer.decode(tokens, false);
    if (now.length() <= before.length() || (!last && now.endsWith(INCOMPLETE))) {
      return "";
    }
    String piece = now.substring(before.length());
    tokens = IntStream.of(tokens).skip(given).toArray();
    given = tokens.length;
    return piece;
  }
}
