package dev.hlotune.trainer.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.trainer.jinja.JinjaTemplate.Mark;
import dev.hlotune.trainer.jinja.JinjaTemplate.Rendering;
import dev.hlotune.trainer.source.DataException;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What Jinja2 and transformers gave for a template.
 *
 * @param text the text, or null where it raised
 * @param marks the generation spans, in UTF-16
 * @param raised the message of {@code raise_exception}, or null where it raised something else
 */
record RecordedRender(@Nullable String text, List<Mark> marks, @Nullable String raised) {
  static RecordedRender of(JsonNode node) {
    if (!node.has("text")) {
      return new RecordedRender(null, List.of(), node.path("raised").asText(null));
    }
    String text = node.get("text").asText();
    List<Mark> marks = new ArrayList<>();
    for (JsonNode span : node.path("spans")) {
      marks.add(new Mark(utf16(text, span.get(0).asInt()), utf16(text, span.get(1).asInt())));
    }
    return new RecordedRender(text, marks, null);
  }

  /** A span of a block that was caught may lie behind the end of the text. */
  private static int utf16(String text, int codePoint) {
    int size = text.codePointCount(0, text.length());
    return text.offsetByCodePoints(0, Math.min(codePoint, size));
  }

  /** What is different here, or null. */
  @Nullable String difference(String template, Map<String, ?> variables, ZonedDateTime now) {
    Rendering rendering;
    try {
      rendering = JinjaTemplate.compile(template).render(variables, now);
    } catch (DataException e) {
      String message = Objects.requireNonNull(e.getMessage());
      boolean same =
          text == null
              && message.startsWith("template: ")
              && (raised == null || message.endsWith(": " + raised));
      return same ? null : message;
    }
    if (text == null) {
      return "expected an error, got " + rendering;
    }
    if (!text.equals(rendering.text())) {
      return "expected\n" + text + "\ngot\n" + rendering.text();
    }
    return marks.equals(rendering.generations())
        ? null
        : "expected " + marks + ", got " + rendering.generations();
  }
}
