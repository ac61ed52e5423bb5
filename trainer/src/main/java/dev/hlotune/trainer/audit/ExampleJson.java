package dev.hlotune.trainer.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Examples as JSON; {@code docs/data-audit.md} says what its fields mean. */
public final class ExampleJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ExampleJson() {}

  /** One line with one object for each. */
  public static String of(List<ExampleView> examples) {
    StringBuilder lines = new StringBuilder();
    for (ExampleView example : examples) {
      try {
        lines.append(JSON.writeValueAsString(tree(example))).append('\n');
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("example: expected a tree that can be written", e);
      }
    }
    return lines.toString();
  }

  private static ObjectNode tree(ExampleView example) {
    ObjectNode node = JSON.createObjectNode();
    node.put("example", example.number());
    node.put("of", example.of());
    node.put("origin", example.origin().toString());
    node.put("supervised_tokens", example.supervised());
    node.put("weight", example.weight());
    if (example.row().isPresent()) {
      row(example.row().get(), node.putObject("row"));
    } else {
      node.putNull("row");
    }
    ArrayNode tokens = node.putArray("tokens");
    for (TokenView token : example.tokens()) {
      tokens
          .addObject()
          .put("id", token.id())
          .put("token", token.token())
          .put("text", token.text())
          .put("weight", token.weight())
          .put("special", token.special());
    }
    return node;
  }

  private static void row(RowView row, ObjectNode into) {
    into.put("update", row.step());
    into.put("updates", row.steps());
    into.put("micro_batch", row.microBatch());
    into.put("row", row.row());
    into.put("rows", row.bucket().rows());
    into.put("length", row.bucket().length());
    into.put("segment", row.segment());
    ArrayNode segments = into.putArray("segments");
    for (RowView.Segment segment : row.segments()) {
      segments
          .addObject()
          .put("origin", segment.origin().toString())
          .put("from", segment.from())
          .put("to", segment.to());
    }
  }
}
