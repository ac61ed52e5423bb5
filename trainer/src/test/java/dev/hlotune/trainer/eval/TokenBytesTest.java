package dev.hlotune.trainer.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.Tokenizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TokenBytesTest {
  @TempDir Path folder;

  /** Also where a token holds a part of a character. */
  @Test
  void tokensOfATextHaveItsBytes() {
    try (Tokenizer tokenizer = Tokenizer.load(Fixtures.path("data/tokenizer"), TinyRun.CACHE)) {
      int[] bytes = TokenBytes.of(tokenizer, 600);
      assertEquals(600, bytes.length);
      for (String text : List.of("one two  three\n", "wächst — 🌙 日本", " ")) {
        assertEquals(
            text.getBytes(StandardCharsets.UTF_8).length,
            Arrays.stream(tokenizer.ids(text)).map(id -> bytes[id]).sum(),
            text);
      }
      assertArrayEquals(new int[] {0, 0, 0}, Arrays.copyOf(bytes, 3), "special tokens");
      assertEquals(0, bytes[599], "not the tokenizer's");
    }
  }

  @Test
  void sentencePieceSpellsSpacesAndBytes() throws IOException {
    Files.writeString(
        folder.resolve("tokenizer.json"),
        """
        {"version": "1.0", "added_tokens": [{"id": 0, "content": "</s>", "special": true,
          "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
         "model": {"type": "BPE", "vocab": {"</s>": 0, "\\u2581the": 1, "<0x0A>": 2, "\\u00e9": 3},
                   "merges": []}}
        """);
    try (Tokenizer tokenizer = Tokenizer.load(folder, TinyRun.CACHE)) {
      assertArrayEquals(new int[] {0, 4, 1, 2}, TokenBytes.of(tokenizer, 4));
    }
  }
}
