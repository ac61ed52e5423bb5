package dev.hlotune.trainer.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class TokenPiecesTest {
  private static final List<String> WORDS = List.of("▁the", "▁cat", "s", "▁", "▁sat", ".");

  /** As tokenizers that mark the beginning of a word by ▁ decode, dropping the first space. */
  private static String decodeWords(int[] ids) {
    String text = Arrays.stream(ids).mapToObj(WORDS::get).collect(Collectors.joining());
    return text.replace('▁', ' ').replaceFirst("^ ", "");
  }

  @Test
  void aSpaceBelongsToTheTokenThatHasIt() {
    assertEquals(
        List.of("the", " cat", "s", " ", " sat", "."),
        TokenPieces.of(new int[] {0, 1, 2, 3, 4, 5}, TokenPiecesTest::decodeWords));
  }

  /** Ids 0 to 255 are bytes. */
  private static String decodeBytes(int[] ids) {
    byte[] bytes = new byte[ids.length];
    for (int i = 0; i < ids.length; i++) {
      bytes[i] = (byte) ids[i];
    }
    return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static int[] bytes(String text) {
    byte[] utf8 = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int[] ids = new int[utf8.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = utf8[i] & 0xFF;
    }
    return ids;
  }

  @Test
  void aCharacterBelongsToTheTokenThatCompletesIt() {
    assertEquals(
        List.of("a", "", "é", "", "", "", "🎉", "b"),
        TokenPieces.of(bytes("aé🎉b"), TokenPiecesTest::decodeBytes));
  }

  @Test
  void bytesThatAreNoCharacterDoNotHoldTheRestBack() {
    int[] ids = new int[30];
    Arrays.fill(ids, 0x80);
    ids[29] = 'z';
    List<String> pieces = TokenPieces.of(ids, TokenPiecesTest::decodeBytes);
    assertEquals("\uFFFD".repeat(29) + "z", String.join("", pieces));
    assertEquals(30, pieces.size());
    // The end of a text that was cut within a character.
    assertEquals(
        List.of("a", "", "\uFFFD"),
        TokenPieces.of(Arrays.copyOf(bytes("a🎉"), 3), TokenPiecesTest::decodeBytes));
  }

  @Test
  void piecesAreTheTextOfAllWhateverTheTokens() {
    SplittableRandom random = new SplittableRandom(7);
    try (Tokenizer tokenizer = Tokenizer.load(Fixtures.path("data/tokenizer"), TinyRun.CACHE)) {
      for (int round = 0; round < 200; round++) {
        int[] ids = random.ints(random.nextInt(1, 60), 0, 512).toArray();
        List<String> pieces = TokenPieces.of(ids, some -> tokenizer.decode(some, false));
        assertEquals(ids.length, pieces.size());
        assertEquals(
            tokenizer.decode(ids, false), String.join("", pieces), () -> Arrays.toString(ids));
      }
    }
  }
}
