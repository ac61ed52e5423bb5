package dev.hlotune.trainer.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The templates of TRL and of hlotune, each with all conversations, as transformers renders them.
 *
 * @param now the time that the templates see
 * @param cases the conversations, each without and with a generation prompt
 * @param templates the templates
 */
record ChatFixture(ZonedDateTime now, List<Case> cases, List<Template> templates) {
  /**
   * What a template is given.
   *
   * @param name the name of the conversation
   * @param variables all variables
   */
  record Case(String name, Map<String, Object> variables) {}

  /**
   * A template.
   *
   * @param name its name, {@code trl/…} or {@code hlotune/…}
   * @param source its text
   * @param variables the names that it reads
   * @param renders what it gives, for each case
   */
  record Template(
      String name, String source, List<String> variables, List<RecordedRender> renders) {}

  static ChatFixture read() throws IOException {
    TemplateFixture fixture = TemplateFixture.read("chat");
    JsonNode root = fixture.root();
    List<Case> cases = new ArrayList<>();
    for (JsonNode conversation : root.get("conversations")) {
      for (boolean prompt : new boolean[] {false, true}) {
        cases.add(variables(root.get("special_tokens"), conversation, prompt));
      }
    }
    List<Template> templates = new ArrayList<>();
    for (JsonNode node : root.get("templates")) {
      String name = node.get("name").asText();
      String source =
          node.get("source").isNull()
              ? TemplateFixture.builtIn(name.substring(name.indexOf('/') + 1))
              : node.get("source").asText();
      List<String> variables = new ArrayList<>();
      node.get("variables").forEach(variable -> variables.add(variable.asText()));
      List<RecordedRender> renders = new ArrayList<>();
      node.get("renders").forEach(render -> renders.add(RecordedRender.of(render)));
      templates.add(new Template(name, source, variables, renders));
    }
    return new ChatFixture(fixture.now(), cases, templates);
  }

  private static Case variables(JsonNode tokens, JsonNode conversation, boolean prompt) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("messages", TemplateFixture.plain(conversation.get("messages")));
    variables.put("tools", TemplateFixture.plain(conversation.get("tools")));
    variables.put("documents", null);
    variables.put("add_generation_prompt", prompt);
    variables.putAll(TemplateFixture.map(tokens));
    variables.putAll(TemplateFixture.map(conversation.get("options")));
    return new Case(conversation.get("name").asText(), variables);
  }

  Template template(String name) {
    return templates.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }
}
