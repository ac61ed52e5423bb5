package dev.hlotune.trainer.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Chat templates in use give the text and the spans that transformers gives, byte for byte. */
class ChatFixturesTest {
  private static final ChatFixture FIXTURE = read();

  private static ChatFixture read() {
    try {
      return ChatFixture.read();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> everyConversation() {
    return FIXTURE.templates().stream()
        .map(template -> DynamicTest.dynamicTest(template.name(), () -> check(template)));
  }

  private static void check(ChatFixture.Template template) {
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < FIXTURE.cases().size(); i++) {
      ChatFixture.Case given = FIXTURE.cases().get(i);
      String difference =
          template.renders().get(i).difference(template.source(), given.variables(), FIXTURE.now());
      if (difference != null) {
        differences.add(given.name() + ": " + difference);
      }
    }
    assertEquals(List.of(), differences);
  }

  @TestFactory
  Stream<DynamicTest> whatTheTemplatesRead() {
    return FIXTURE.templates().stream()
        .map(template ->
            DynamicTest.dynamicTest(
                template.name(),
                () -> {
                  JinjaTemplate compiled = JinjaTemplate.compile(template.source());
                  assertEquals(template.variables(), List.copyOf(compiled.variables()));
                  assertEquals(template.source().contains("strftime_now("), compiled.usesClock());
                  assertEquals(
                      template.source().matches("(?s).*\\{%-?\\s*generation\\s*-?%}.*"),
                      compiled.marksGenerations());
                }));
  }

  @Test
  void theFixtureHasTextsSpansAndErrors() {
    List<RecordedRender> renders =
        FIXTURE.templates().stream().flatMap(template -> template.renders().stream()).toList();
    assertEquals(28, FIXTURE.cases().size());
    assertTrue(renders.stream().filter(render -> render.text() != null).count() > 1700);
    assertTrue(renders.stream().filter(render -> render.raised() != null).count() > 100);
    assertTrue(renders.stream().filter(render -> !render.marks().isEmpty()).count() > 600);
  }
}
