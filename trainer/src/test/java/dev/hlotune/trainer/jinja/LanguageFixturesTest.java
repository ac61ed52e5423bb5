package dev.hlotune.trainer.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Small templates give what Jinja2 gives, in the environment that transformers makes: one for each
 * thing that the language can do, and thousands of random ones.
 */
class LanguageFixturesTest {
  @ParameterizedTest
  @CsvSource({"language, 1300, 300", "random, 3300, 300"})
  void everyTemplate(String name, int leastTexts, int leastErrors) throws IOException {
    TemplateFixture fixture = TemplateFixture.read(name);
    Map<String, Object> variables = TemplateFixture.map(fixture.root().get("variables"));
    List<String> differences = new ArrayList<>();
    int texts = 0;
    int errors = 0;
    for (JsonNode node : fixture.root().get("cases")) {
      RecordedRender render = RecordedRender.of(node);
      String template = node.get("template").asText();
      String difference = render.difference(template, variables, fixture.now());
      if (difference != null) {
        differences.add(template + "\n" + difference);
      }
      texts += render.text() == null ? 0 : 1;
      errors += render.text() == null ? 1 : 0;
    }
    assertEquals(List.of(), differences);
    assertTrue(
        texts >= leastTexts && errors >= leastErrors, texts + " texts, " + errors + " errors");
    assertEquals(
        TemplateFixture.map(fixture.root().get("variables")),
        variables,
        "a template changed a value");
  }
}
