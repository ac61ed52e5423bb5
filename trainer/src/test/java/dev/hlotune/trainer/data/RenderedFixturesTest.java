package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text, ids and masks against what {@code transformers} gives for the same templates. */
class RenderedFixturesTest {
  private static final Origin ORIGIN = new Origin(Path.of("fixture"), 1);

  @Test
  void smallTokenizerAgrees() throws IOException {
    try (Tokenizer tokenizer = TestData.smallTokenizer()) {
      check("small", tokenizer);
    }
  }

  /** Trimmed offsets leave nothing of a token of spaces; the weights must not change for that. */
  @Test
  void trimmedOffsetsGiveTheSameWeights(@TempDir Path folder) throws IOException {
    String trimming =
        Fixtures.text("data/tokenizer/tokenizer.json")
            .replace("\"trim_offsets\": false", "\"trim_offsets\": true");
    Files.writeString(folder.resolve("tokenizer.json"), trimming);
    Files.copy(
        Fixtures.path("data/tokenizer/tokenizer_config.json"),
        folder.resolve("tokenizer_config.json"));
    try (Tokenizer tokenizer = Tokenizer.load(folder, TestData.CACHE)) {
      Encoded encoded = tokenizer.encode("a  b");
      assertEquals(3, encoded.starts()[encoded.length() - 1], "offsets are trimmed");
      check("small", tokenizer);
    }
  }

  @Test
  void gpt2TokenizerAgrees() throws IOException {
    try (Tokenizer tokenizer = TestData.gpt2Tokenizer()) {
      check("gpt2", tokenizer);
    }
  }

  private static void check(String name, Tokenizer tokenizer) throws IOException {
    JsonNode recorded =
        new JsonMapper()
            .readTree(Fixtures.path("data/rendered.json").toFile())
            .path("tokenizers")
            .path(name);
    assertEquals(16, recorded.path("chats").size());
    for (JsonNode chat : recorded.path("chats")) {
      ChatTemplate template = ChatTemplate.named(chat.path("template").asText());
      List<Message> messages = new ArrayList<>();
      for (JsonNode message : chat.path("messages")) {
        messages.add(Message.of(message.path("role").asText(), message.path("content").asText()));
      }
      SourceRecord.Conversation conversation = new SourceRecord.Conversation(messages, ORIGIN);
      Renderer renderer = renderer(template, tokenizer);
      checkTokens(chat, renderer.render(conversation).getFirst(), tokenizer);
      assertEquals(chat.path("prompt").asText(), renderer.prompt(conversation));
    }
    assertEquals(6, recorded.path("pairs").size());
    Renderer renderer = renderer(ChatTemplate.named("chatml"), tokenizer);
    for (JsonNode pair : recorded.path("pairs")) {
      Rendered rendered =
          renderer
              .render(
                  new SourceRecord.PromptCompletion(
                      pair.path("prompt").asText(), pair.path("completion").asText(), ORIGIN))
              .getFirst();
      checkTokens(pair, rendered, tokenizer);
    }
  }

  private static Renderer renderer(ChatTemplate template, Tokenizer tokenizer) {
    return new Renderer(
        template, Supervision.DEFAULT, tokenizer, ZonedDateTime.now(ZoneOffset.UTC));
  }

  private static void checkTokens(JsonNode recorded, Rendered rendered, Tokenizer tokenizer) {
    String text = recorded.path("text").asText();
    assertEquals(text, rendered.text());
    Encoded encoded = tokenizer.encode(text);
    assertArrayEquals(ints(recorded.path("ids")), encoded.ids(), text);
    assertArrayEquals(encoded.ids(), tokenizer.ids(text), text);
    int[] mask = ints(recorded.path("mask"));
    float[] expected = new float[mask.length];
    for (int i = 1; i < mask.length; i++) { // Nothing predicts the first token.
      expected[i] = mask[i];
    }
    assertArrayEquals(expected, LossWeights.of(rendered, encoded), text);
    assertEquals(text, tokenizer.decode(encoded.ids(), false));
  }

  private static int[] ints(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }
}
