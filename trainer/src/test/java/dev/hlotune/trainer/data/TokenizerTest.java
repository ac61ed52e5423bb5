package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
  @Test
  void anyTextComesBack() {
    SplittableRandom random = new SplittableRandom(11);
    try (Tokenizer tokenizer = TestData.smallTokenizer()) {
      for (int round = 0; round < 200; round++) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
          int point = random.nextInt(random.nextBoolean() ? 128 : 0x1F9FF) + 1;
          text.appendCodePoint(Character.isDefined(point) && point < 0xD800 ? point : 0x1F389);
        }
        Encoded encoded = tokenizer.encode(text.toString());
        assertEquals(text.toString(), tokenizer.decode(encoded.ids(), false));
        int points = text.codePointCount(0, text.length());
        assertEquals(points, encoded.length() == 0 ? 0 : encoded.ends()[encoded.length() - 1]);
      }
    }
  }

  @Test
  void specialTokensAreKnownByNameAndMayBeLeftOut() {
    try (Tokenizer tokenizer = TestData.smallTokenizer()) {
      assertEquals(512, tokenizer.vocabularySize());
      assertEquals(OptionalInt.of(0), tokenizer.idOf("<|endoftext|>"));
      assertEquals(OptionalInt.empty(), tokenizer.idOf("<|user|>"));
      assertTrue(tokenizer.isSpecial(2));
      assertFalse(tokenizer.isSpecial(3));
      assertEquals(Optional.of("<|endoftext|>"), tokenizer.eosToken());
      assertEquals(Optional.empty(), tokenizer.padToken());
      assertEquals(
          Optional.empty(),
          Optional.ofNullable(tokenizer.chatTemplates().get(Tokenizer.DEFAULT_TEMPLATE)));
      int[] ids = tokenizer.ids("<|im_start|>hi<|im_end|>");
      assertEquals(1, ids[0]);
      assertEquals("hi", tokenizer.decode(ids, true));
      // What the vocabulary lacks is ordinary text.
      assertTrue(tokenizer.ids("<|user|>").length > 1);
      assertEquals(2, tokenizer.files().size());
    }
  }

  @Test
  void nothingIsTruncatedOrPaddedWhateverTheFileSays(@TempDir Path folder) throws IOException {
    JsonMapper mapper = new JsonMapper();
    ObjectNode json =
        (ObjectNode) mapper.readTree(Fixtures.path("data/tokenizer/tokenizer.json").toFile());
    json.putObject("truncation")
        .put("direction", "Right")
        .put("max_length", 4)
        .put("strategy", "LongestFirst")
        .put("stride", 0);
    json.putObject("padding")
        .put("direction", "Right")
        .put("pad_id", 0)
        .put("pad_type_id", 0)
        .put("pad_token", "<|endoftext|>")
        .putNull("pad_to_multiple_of")
        .putObject("strategy")
        .put("Fixed", 50);
    mapper.writeValue(folder.resolve("tokenizer.json").toFile(), json);
    String text = "word ".repeat(900);
    try (Tokenizer plain = TestData.smallTokenizer();
        Tokenizer cutting = Tokenizer.load(folder, TestData.CACHE)) {
      assertTrue(plain.ids(text).length > 900);
      assertArrayEquals(plain.ids(text), cutting.ids(text));
      assertArrayEquals(plain.ids("a"), cutting.encode("a").ids());
      assertNotEquals(plain.fingerprint(), cutting.fingerprint());
    }
  }

  @Test
  void templatesAndTokensAreReadFromTheConfiguration(@TempDir Path folder) throws IOException {
    Files.copy(Fixtures.path("data/tokenizer/tokenizer.json"), folder.resolve("tokenizer.json"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"eos_token": "<|im_end|>", "bos_token": {"content": "<|im_start|>"}, "pad_token": null,
         "chat_template": [{"name": "tools", "template": "T"}, {"name": "default", "template": "D"}]}
        """);
    try (Tokenizer tokenizer = Tokenizer.load(folder, TestData.CACHE)) {
      assertEquals(Optional.of("<|im_end|>"), tokenizer.eosToken());
      assertEquals(Optional.of("<|im_start|>"), tokenizer.bosToken());
      assertEquals(Optional.empty(), tokenizer.padToken());
      assertEquals(
          Optional.of("D"),
          Optional.ofNullable(tokenizer.chatTemplates().get(Tokenizer.DEFAULT_TEMPLATE)));
    }
  }

  @Test
  void aClosedTokenizerSaysSo() {
    Tokenizer tokenizer = TestData.smallTokenizer();
    tokenizer.close();
    tokenizer.close();
    assertEquals(
        "tokenizer " + tokenizer.directory() + ": is closed",
        assertThrows(IllegalStateException.class, () -> tokenizer.encode("a")).getMessage());
  }
}
