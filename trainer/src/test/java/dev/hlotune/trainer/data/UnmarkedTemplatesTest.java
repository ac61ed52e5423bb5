package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * What is worked out for templates without marks, against the same templates with marks: TRL has
 * both of many models. Where both render the same text, the same characters must be learned but for
 * white space and for headers, which the model is given.
 */
class UnmarkedTemplatesTest {
  private static final String MARKED = "_training";

  private static JsonNode fixture() throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(Fixtures.path("templates/chat.json.gz")))) {
      return new JsonMapper().readTree(in);
    }
  }

  private static SourceRecord.Conversation conversation(JsonNode recorded) {
    Origin origin = new Origin(Path.of(recorded.path("name").asText()), 1);
    Map<String, Object> variables = new LinkedHashMap<>();
    if (recorded.hasNonNull("tools")) {
      variables.put("tools", plain(recorded.path("tools"), origin));
    }
    recorded
        .path("options")
        .properties()
        .forEach(option -> variables.put(option.getKey(), plain(option.getValue(), origin)));
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : recorded.path("messages")) {
      Map<String, Object> fields = new LinkedHashMap<>();
      message
          .properties()
          .forEach(field -> {
            if (!field.getValue().isNull()) {
              fields.put(field.getKey(), plain(field.getValue(), origin));
            }
          });
      messages.add(new Message(fields, null));
    }
    return new SourceRecord.Conversation(messages, variables, origin);
  }

  private static Object plain(JsonNode node, Origin origin) {
    Object value = PlainValues.of(node, "fixture", origin);
    return value == null ? "" : value;
  }

  @Test
  void theSameIsLearnedWithMarksAndWithout() throws IOException {
    JsonNode fixture = fixture();
    Map<String, String> sources = new HashMap<>();
    for (JsonNode template : fixture.path("templates")) {
      if (template.hasNonNull("source")) {
        sources.put(template.path("name").asText(), template.path("source").asText());
      }
    }
    Map<String, String> tokens = new TreeMap<>();
    fixture
        .path("special_tokens")
        .properties()
        .forEach(token -> tokens.put(token.getKey(), token.getValue().asText()));
    ZonedDateTime now = LocalDateTime.parse(fixture.path("now").asText()).atZone(ZoneOffset.UTC);
    List<String> differ = new ArrayList<>();
    int compared = 0;
    for (Map.Entry<String, String> marked : new TreeMap<>(sources).entrySet()) {
      String name = marked.getKey().replace(MARKED, "");
      String unmarked = sources.get(name);
      if (!marked.getKey().endsWith(MARKED) || unmarked == null) {
        continue;
      }
      ConversationText theirs =
          new ConversationText(ChatTemplate.of(marked.getKey(), marked.getValue()), tokens, now);
      ConversationText ours = new ConversationText(ChatTemplate.of(name, unmarked), tokens, now);
      for (JsonNode recorded : fixture.path("conversations")) {
        SourceRecord.Conversation conversation = conversation(recorded);
        try {
          Rendered expected = rendered(theirs, conversation);
          Rendered got = rendered(ours, conversation);
          if (expected.text().equals(got.text())) {
            compared++;
            String difference = difference(expected, got, headers(ours, conversation));
            if (!difference.isEmpty() && !EXCEPTIONS.contains(name + " " + difference)) {
              differ.add(name + ", " + recorded.path("name").asText() + ": " + difference);
            }
          }
        } catch (DataException e) {
          // The template refuses it, or rewrites history: tested elsewhere.
          assertTrue(
              String.valueOf(e.getMessage()).matches("(?s).*(refuses|rewrites history): .*"),
              e.getMessage());
        }
      }
    }
    assertEquals(List.of(), differ);
    assertTrue(compared > 200, "compared: " + compared);
  }

  /**
   * Where TRL learns more: the token that Phi-3 closes the whole text with, which the model does
   * not get to once it has stopped; and the next speaker's token, by which GLM knows that it has
   * stopped.
   */
  private static final Set<String> EXCEPTIONS =
      Set.of("trl/phi3 -</s>", "trl/phi3_5 -</s>", "trl/glm4moe -<|user|>");

  private static Rendered rendered(ConversationText text, SourceRecord.Conversation conversation) {
    return new SupervisedText(text, Supervision.DEFAULT).render(conversation).getFirst();
  }

  /** Which characters the model is shown before it answers: TRL learns some headers too. */
  private static boolean[] headers(ConversationText text, SourceRecord.Conversation conversation) {
    boolean[] header =
        new boolean
            [text.render(conversation, conversation.messages().size(), false).text().length()];
    for (int i = 0; i < conversation.messages().size(); i++) {
      if (conversation.messages().get(i).isAssistant()) {
        int shown = text.render(conversation, i, true).text().length();
        int before = i == 0 ? 0 : text.render(conversation, i, false).text().length();
        Arrays.fill(header, Math.min(before, shown), shown, true);
      }
    }
    return header;
  }

  /** The characters that only one of the two learns, white space and headers aside. */
  private static String difference(Rendered expected, Rendered got, boolean[] header) {
    boolean[] theirs = learned(expected);
    boolean[] ours = learned(got);
    StringBuilder difference = new StringBuilder();
    int last = -2;
    for (int i = 0; i < ours.length; i++) {
      char c = got.text().charAt(i);
      if (theirs[i] != ours[i] && !Character.isWhitespace(c) && !(theirs[i] && header[i])) {
        if (i != last + 1) {
          difference.append(ours[i] ? "+" : "-");
        }
        difference.append(c);
        last = i;
      }
    }
    return difference.toString().replaceAll("(-<\\|user\\|>)+", "-<|user|>");
  }

  private static boolean[] learned(Rendered rendered) {
    boolean[] learned = new boolean[rendered.text().length()];
    for (Span span : rendered.spans()) {
      Arrays.fill(learned, span.start(), span.end(), true);
    }
    return learned;
  }
}
