package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected texts are what {@code render_jinja_template} of transformers 5.23 gives. */
class ReasoningTest {
  private static final ChatTemplate SHOWN =
      ChatTemplate.of(
          "shown",
          "{% for message in messages %}{% for key in message %}{{ key }}={{ message[key] }};"
              + "{% endfor %}{% endfor %}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          reasoning_content=a           | thinking=a;role=assistant;content=x;reasoning_content=a;
          thinking=a                    | thinking=a;role=assistant;content=x;reasoning_content=a;
          reasoning=a                   | thinking=a;role=assistant;content=x;reasoning=a;reasoning_content=a;
          thinking=a;reasoning_content=b| thinking=a;role=assistant;content=x;reasoning_content=b;
          reasoning=a;thinking=b        | thinking=b;role=assistant;content=x;reasoning=a;reasoning_content=b;
          name=a                        | role=assistant;content=x;name=a;
          """)
  void reasoningHasTheNamesThatTemplatesRead(String given, String expected) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("role", "assistant");
    fields.put("content", "x");
    for (String field : given.split(";", -1)) {
      fields.put(field.substring(0, field.indexOf('=')), field.substring(field.indexOf('=') + 1));
    }
    ConversationText text =
        new ConversationText(SHOWN, Map.of(), ZonedDateTime.now(ZoneOffset.UTC));
    SourceRecord.Conversation conversation =
        new SourceRecord.Conversation(
            List.of(new Message(fields, null)), new Origin(Path.of("test"), 1));
    assertEquals(expected, text.render(conversation, 1, false).text());
  }
}
