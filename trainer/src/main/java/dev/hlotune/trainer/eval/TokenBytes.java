package dev.hlotune.trainer.eval;

import dev.hlotune.trainer.data.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How many bytes of UTF-8 each token stands for; 0 for special tokens, which are no text. A loss by
 * bytes does not depend on how coarse a tokenizer is.
 */
public final class TokenBytes {
  /** A space as byte-level tokenizers spell it; with them every character stands for one byte. */
  private static final String SPACE = "\u0120";

  /** A space as SentencePiece spells it. */
  private static final char WORD = '\u2581';

  private static final Pattern BYTE = Pattern.compile("<0x[0-9A-Fa-f]{2}>");

  private TokenBytes() {}

  /**
   * The bytes of every token.
   *
   * @param vocabulary how many tokens the model knows; those that the tokenizer does not have are
   *     of 0 bytes
   */
  public static int[] of(Tokenizer tokenizer, int vocabulary) {
    List<String> spelled = tokenizer.tokens();
    boolean byteLevel = tokenizer.idOf(SPACE).isPresent();
    int[] bytes = new int[Math.max(vocabulary, spelled.size())];
    for (int id = 0; id < spelled.size(); id++) {
      if (!tokenizer.isSpecial(id)) {
        bytes[id] = bytes(spelled.get(id), byteLevel);
      }
    }
    return bytes;
  }

  private static int bytes(String token, boolean byteLevel) {
    if (byteLevel) {
      return token.codePointCount(0, token.length());
    }
    return BYTE.matcher(token).matches()
        ? 1
        : token.replace(WORD, ' ').getBytes(StandardCharsets.UTF_8).length;
  }
}
