package dev.hlotune.trainer.audit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The text of each token where it stands. Decoding one token alone would lose the space that some
 * tokenizers put before a word, and the characters of which a token holds only some bytes: each
 * token is decoded after those before it, and a character belongs to the token that completes it.
 */
final class TokenPieces {
  /** No character is longer, whatever bytes it is cut into. */
  private static final int MOST_WAITING = 8;

  private static final char BROKEN = '\uFFFD';

  private TokenPieces() {}

  /**
   * The pieces, which together are the text of all.
   *
   * @param decode the text of some tokens
   */
  static List<String> of(int[] ids, Function<int[], String> decode) {
    List<String> pieces = new ArrayList<>();
    int before = 0;
    int read = 0;
    for (int i = 0; i < ids.length; i++) {
      String known = decode.apply(Arrays.copyOfRange(ids, before, read));
      String more = decode.apply(Arrays.copyOfRange(ids, before, i + 1));
      boolean last = i == ids.length - 1 || i + 1 - read >= MOST_WAITING;
      if (!last && (more.length() <= known.length() || more.charAt(more.length() - 1) == BROKEN)) {
        pieces.add("");
        continue;
      }
      pieces.add(
          more.startsWith(known)
              ? more.substring(known.length())
              : decode.apply(Arrays.copyOfRange(ids, read, i + 1)));
      before = read;
      read = i + 1;
    }
    return pieces;
  }
}
