package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Text, ids and masks of conversations against those of nanochat's own tokenizer. */
class NanochatRenderingTest {
  private static final Origin ORIGIN = new Origin(Path.of("fixture"), 1);

  @Test
  void textIdsAndMasksAreThoseOfNanochat() throws IOException {
    JsonNode tasks =
        new JsonMapper().readTree(Fixtures.path("tasks/nanochat.json").toFile()).path("tasks");
    Path folder = Repository.root().resolve("configs/nanochat/tokenizer");
    int compared = 0;
    int outputs = 0;
    try (Tokenizer tokenizer = Tokenizer.load(folder, TestData.CACHE)) {
      Renderer renderer =
          new Renderer(
              ChatTemplate.named("nanochat"),
              Supervision.DEFAULT,
              tokenizer,
              ZonedDateTime.now(ZoneOffset.UTC));
      for (Map.Entry<String, JsonNode> task : tasks.properties()) {
        for (JsonNode recorded : task.getValue().path("conversations")) {
          check(recorded, renderer, tokenizer, task.getKey());
          compared++;
          outputs += recorded.path("text").textValue().contains("<|output_start|>") ? 1 : 0;
        }
      }
    }
    assertEquals(59, compared);
    assertTrue(outputs > 30, () -> "conversations with an output that is not learned");
  }

  private static void check(
      JsonNode recorded, Renderer renderer, Tokenizer tokenizer, String task) {
    SourceRecord.Conversation conversation =
        new SourceRecord.Conversation(
            MessageParser.parse(recorded.path("messages"), "messages", ORIGIN), ORIGIN);
    Rendered rendered = renderer.render(conversation).getFirst();
    String text = recorded.path("text").textValue();
    assertEquals(text, rendered.text(), task);
    Encoded encoded = tokenizer.encode(text);
    assertArrayEquals(ints(recorded.path("ids")), encoded.ids(), text);
    int[] mask = ints(recorded.path("mask"));
    float[] weights = new float[mask.length];
    for (int i = 0; i < mask.length; i++) {
      weights[i] = mask[i];
    }
    assertArrayEquals(weights, LossWeights.of(rendered, encoded), text);
  }

  private static int[] ints(JsonNode list) {
    return list.valueStream().mapToInt(JsonNode::intValue).toArray();
  }
}
