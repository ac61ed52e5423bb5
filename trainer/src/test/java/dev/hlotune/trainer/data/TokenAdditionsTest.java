package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.data.TokenAddition.Change;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Special tokens added to a tokenizer, against what {@code record_tokens.py} recorded. */
class TokenAdditionsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private static JsonNode recorded() throws IOException {
    return JSON.readTree(Fixtures.path("tokens/recorded.json").toFile());
  }

  /** A copy of a recorded tokenizer's folder. */
  private Path base(String name) throws IOException {
    Path base = Files.createDirectory(folder.resolve(name));
    Files.copy(Fixtures.path("data/tokenizer/tokenizer.json"), base.resolve("tokenizer.json"));
    try (var files = Files.newDirectoryStream(Fixtures.path("tokens/" + name))) {
      for (Path file : files) {
        Files.write(base.resolve(file.getFileName().toString()), Files.readAllBytes(file));
      }
    }
    return base;
  }

  private static WantedTokens wanted(JsonNode node) {
    return new WantedTokens(
        List.of(JSON.convertValue(node.path("additional_special_tokens"), String[].class)),
        Optional.ofNullable(node.path("bos_token").textValue()),
        Optional.ofNullable(node.path("eos_token").textValue()),
        Optional.ofNullable(node.path("pad_token").textValue()));
  }

  private static WantedTokens additional(String... tokens) {
    return new WantedTokens(List.of(tokens), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static ObjectNode json(Tokenizer tokenizer, String name) throws IOException {
    byte[] text = tokenizer.changedFiles().get(name);
    assertTrue(text != null, name);
    return (ObjectNode) JSON.readTree(text);
  }

  /** Writes the changed files over those that were there, as a saved model has them. */
  private Path saved(Tokenizer tokenizer, Path base) throws IOException {
    for (Map.Entry<String, byte[]> file : tokenizer.changedFiles().entrySet()) {
      Files.write(base.resolve(file.getKey()), file.getValue());
    }
    return base;
  }

  @ParameterizedTest
  @ValueSource(strings = {"newer", "older"})
  void idsAndFilesAreThoseOfTransformers(String name) throws IOException {
    JsonNode expected = recorded().path("tokenizers").path(name);
    Path base = base(name);
    try (Tokenizer plain = Tokenizer.load(base, TestData.CACHE);
        Tokenizer tokenizer =
            Tokenizer.load(base, wanted(expected.path("wanted")), TestData.CACHE)) {
      assertNotEquals(plain.fingerprint(), tokenizer.fingerprint());
      assertEquals(expected.path("tokens").intValue(), tokenizer.vocabularySize());
      assertEquals(
          expected.path("added_tokens"), json(tokenizer, "tokenizer.json").get("added_tokens"));
      byte[] text = tokenizer.changedFiles().getOrDefault("tokenizer.json", new byte[0]);
      assertEquals(
          expected.path("tokenizer_json_sha256").textValue(),
          Hash.ofFile(Files.write(folder.resolve("written"), text)));

      // Theirs has what loading put in; its class is of version 5 and it lists tokens as 5 does.
      ObjectNode theirs = expected.path("tokenizer_config").deepCopy();
      ObjectNode ours = json(tokenizer, "tokenizer_config.json");
      for (String key : List.of("is_local", "local_files_only", "backend", "tokenizer_class")) {
        theirs.remove(key);
        ours.remove(key);
      }
      JsonNode decoder = ours.remove("added_tokens_decoder");
      if (name.equals("older")) {
        ours.set("extra_special_tokens", ours.remove("additional_special_tokens"));
        decoder(expected, decoder);
      }
      assertEquals(theirs, ours);

      tokenizer
          .additions()
          .forEach(addition -> assertTrue(tokenizer.isSpecial(addition.id()), addition.toString()));
      try (Tokenizer again = Tokenizer.load(saved(tokenizer, base), TestData.CACHE)) {
        assertEquals(tokenizer.fingerprint(), again.fingerprint());
        assertEquals(Map.of(), again.changedFiles());
        for (Tokenizer one : List.of(tokenizer, again)) {
          same(expected, one);
        }
      }
    }
  }

  private static void same(JsonNode expected, Tokenizer tokenizer) throws IOException {
    JsonNode texts = recorded().path("texts");
    for (int i = 0; i < texts.size(); i++) {
      int[] ids = JSON.convertValue(expected.path("ids").path(i), int[].class);
      assertArrayEquals(ids, tokenizer.ids(texts.path(i).textValue()), texts.path(i).textValue());
      assertEquals(expected.path("decoded").path(i).textValue(), tokenizer.decode(ids, true));
    }
    JsonNode wanted = expected.path("wanted");
    assertEquals(wanted.path("eos_token").textValue(), tokenizer.eosToken().orElseThrow());
    assertEquals(Optional.ofNullable(wanted.path("bos_token").textValue()), tokenizer.bosToken());
    assertEquals(Optional.ofNullable(wanted.path("pad_token").textValue()), tokenizer.padToken());
  }

  /** The configuration of transformers 4 repeats the added tokens by their id. */
  private static void decoder(JsonNode expected, JsonNode decoder) {
    assertEquals(expected.path("added_tokens").size(), decoder.size());
    for (JsonNode token : expected.path("added_tokens")) {
      ObjectNode entry = token.deepCopy();
      entry.remove("id");
      assertEquals(entry, decoder.get(token.path("id").asText()));
    }
  }

  @Test
  void theOtherFilesOfVersionFourFollow() throws IOException {
    WantedTokens wanted = wanted(recorded().path("tokenizers").path("older").path("wanted"));
    try (Tokenizer tokenizer = Tokenizer.load(base("older"), wanted, TestData.CACHE)) {
      ObjectNode roles = json(tokenizer, "special_tokens_map.json");
      assertEquals("<s>", roles.path("bos_token").textValue());
      assertEquals("<|endoftext|>", roles.path("eos_token").textValue());
      assertEquals(
          JSON.valueToTree(List.of("<|im_start|>", "<|im_end|>", "<|assistant|>", "<|tool|>")),
          roles.path("additional_special_tokens"));
      assertEquals(
          JSON.valueToTree(Map.of("<|tool|>", 512, "<s>", 513, "<|assistant|>", 514)),
          json(tokenizer, "added_tokens.json"));
      assertEquals(
          List.of(
              new TokenAddition("<s>", 513, Change.ADDED),
              new TokenAddition("<|endoftext|>", 0, Change.NONE),
              new TokenAddition("<|assistant|>", 514, Change.ADDED),
              new TokenAddition("<|tool|>", 512, Change.MADE_SPECIAL),
              new TokenAddition("<|im_end|>", 2, Change.NONE)),
          tokenizer.additions());
    }
  }

  @Test
  void whatIsThereAlreadyChangesNothing() throws IOException {
    Path base = base("older");
    WantedTokens wanted =
        new WantedTokens(
            List.of("<|im_end|>", "<|im_start|>", "<|im_end|>"),
            Optional.of("<|endoftext|>"),
            Optional.empty(),
            Optional.empty());
    try (Tokenizer plain = Tokenizer.load(base, TestData.CACHE);
        Tokenizer tokenizer = Tokenizer.load(base, wanted, TestData.CACHE)) {
      assertEquals(Map.of(), tokenizer.changedFiles());
      assertEquals(plain.fingerprint(), tokenizer.fingerprint());
      assertEquals(
          List.of(Change.NONE, Change.NONE, Change.NONE),
          tokenizer.additions().stream().map(TokenAddition::change).toList());
    }
  }

  @Test
  void allElseInTheFilesStaysAsItIs() throws IOException {
    String config =
        "{\"a\": 1.50, \"b\": 1000000000000000019884624838656, \"c\": [], \"d\": \"é\"}";
    for (String layout : List.of("as it is", "on one line", "without added tokens")) {
      Path base = Files.createDirectories(folder.resolve(layout));
      String text = Files.readString(Fixtures.path("data/tokenizer/tokenizer.json"));
      ObjectNode json = (ObjectNode) JSON.readTree(text);
      if (layout.startsWith("without")) {
        json.remove("added_tokens");
      }
      if (!layout.equals("as it is")) {
        text = JSON.writeValueAsString(json);
      }
      Files.writeString(base.resolve("tokenizer.json"), text);
      Files.writeString(base.resolve("tokenizer_config.json"), config);
      try (Tokenizer tokenizer = Tokenizer.load(base, additional("<\"\n\u00e9>"), TestData.CACHE)) {
        assertArrayEquals(new int[] {512, 67}, tokenizer.ids("<\"\n\u00e9>a"));
        String changed =
            new String(
                tokenizer.changedFiles().getOrDefault("tokenizer.json", new byte[0]),
                StandardCharsets.UTF_8);
        int model = text.indexOf("\"normalizer\"");
        assertTrue(changed.endsWith(text.substring(model)), layout);
        ObjectNode after = (ObjectNode) JSON.readTree(changed);
        assertEquals(layout.startsWith("without") ? 1 : 4, after.remove("added_tokens").size());
        json.remove("added_tokens");
        assertEquals(json, after, layout);
        assertEquals(
            """
            {
              "a": 1.50,
              "b": 1000000000000000019884624838656,
              "c": [],
              "d": "é",
              "additional_special_tokens": [
                "<\\"\\né>"
              ]
            }
            """,
            new String(
                tokenizer.changedFiles().getOrDefault("tokenizer_config.json", new byte[0]),
                StandardCharsets.UTF_8));
      }
    }
  }

  @Test
  void aTokenizerWithoutConfigurationGetsOne() throws IOException {
    Files.copy(Fixtures.path("data/tokenizer/tokenizer.json"), folder.resolve("tokenizer.json"));
    WantedTokens wanted =
        new WantedTokens(List.of(), Optional.empty(), Optional.of("<|im_end|>"), Optional.empty());
    try (Tokenizer plain = Tokenizer.load(folder, TestData.CACHE);
        Tokenizer tokenizer = Tokenizer.load(folder, wanted, TestData.CACHE)) {
      assertEquals(Set.of("tokenizer_config.json"), tokenizer.changedFiles().keySet());
      assertEquals(Optional.of("<|im_end|>"), tokenizer.eosToken());
      assertNotEquals(plain.fingerprint(), tokenizer.fingerprint());
      assertFalse(
          Files.exists(folder.resolve("tokenizer_config.json")), "the folder is left alone");
    }
  }

  @Test
  void idsThatTheLibraryWouldNotGiveAreRefused() throws IOException {
    ObjectNode json =
        (ObjectNode) JSON.readTree(Fixtures.path("data/tokenizer/tokenizer.json").toFile());
    json.withArray("added_tokens")
        .addObject()
        .put("id", 600)
        .put("content", "<|gap|>")
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    Path file = folder.resolve("tokenizer.json");
    JSON.writeValue(file.toFile(), json);
    String message =
        assertThrows(
                DataException.class,
                () -> Tokenizer.load(folder, additional("<|new|>"), TestData.CACHE).close())
            .getMessage();
    assertEquals(
        file
            + ": token \"<|new|>\": expected id 601, after those of the file, got [513]; are there"
            + " gaps in the vocabulary?",
        message);
    assertThrows(IllegalArgumentException.class, () -> additional("a", ""));
  }

  @Test
  void anAddedTokenThatIsNoneIsRefused() throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, "{\"added_tokens\": [{\"content\": 3}], \"model\": {\"vocab\": {}}}");
    assertEquals(
        file + ": expected \"added_tokens\" with \"id\" and \"content\", got {\"content\":3}",
        assertThrows(DataException.class, () -> Tokenizer.load(folder, TestData.CACHE).close())
            .getMessage());
  }

  @Test
  void whatATemplateSpellsIsFound() {
    assertEquals(
        List.of("<s>", "[INST]", "[/INST]", "</s>"),
        TemplateTokens.spelled(
            "{{ '<s>' }}[INST] <<SYS>>\\n {{ m[IDX + 1] }} [/INST]{{ x + '</s>' }}[INST] [I]"));
    assertEquals(
        List.of("<|im_start|>", "<|im_end|>", "<start_of_turn>", "<\uff5cUser\uff5c>", "<bos>"),
        TemplateTokens.spelled(
            "{{- '<|im_start|>' + role + '<|im_end|>' }}<tools></tools>"
                + "<| x |><start_of_turn><\uff5cUser\uff5c><bos><think>"));
    try (Tokenizer tokenizer = TestData.smallTokenizer()) {
      assertEquals(
          List.of(), TemplateTokens.missing(ChatTemplate.named("chatml").source(), tokenizer));
      assertEquals(
          List.of("<|assistant|>", "<|system|>", "<|user|>", "<|tool|>"),
          TemplateTokens.missing(ChatTemplate.named("guide").source(), tokenizer));
      assertEquals(List.of("[INST]"), TemplateTokens.missing("[INST]", tokenizer));
    }
  }

  @Test
  void aTemplateOfItsOwnMayWriteInstAsText() throws IOException {
    Files.copy(Fixtures.path("data/tokenizer/tokenizer.json"), folder.resolve("tokenizer.json"));
    Files.writeString(folder.resolve("chat_template.jinja"), "[INST] <|x|>");
    try (Tokenizer tokenizer = Tokenizer.load(folder, TestData.CACHE)) {
      assertEquals(List.of("<|x|>"), TemplateTokens.missing("[INST] <|x|>", tokenizer));
      assertEquals(List.of("[INST]"), TemplateTokens.missing("[INST]", tokenizer));
    }
  }

  @Test
  void chatMlOnGpt2IsTextUntilItIsAdded() {
    try (Tokenizer tokenizer = TestData.gpt2Tokenizer()) {
      assertEquals(
          List.of("<|im_start|>", "<|im_end|>"),
          TemplateTokens.missing(ChatTemplate.named("chatml").source(), tokenizer));
      assertEquals(7, tokenizer.ids("<|im_start|>").length);
      try (Tokenizer grown =
          Tokenizer.load(
              tokenizer.directory(), additional("<|im_start|>", "<|im_end|>"), TestData.CACHE)) {
        assertEquals(50259, grown.vocabularySize());
        assertArrayEquals(new int[] {50257, 7220, 198}, grown.ids("<|im_start|>user\n"));
        assertEquals(
            List.of(), TemplateTokens.missing(ChatTemplate.named("chatml").source(), grown));
      }
    }
  }
}
