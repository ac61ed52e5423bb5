package dev.hlotune.trainer.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.jinja.JinjaTemplate.Rendering;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The templates that come with hlotune: whose text they give, and what they supervise. */
class BuiltInTemplatesTest {
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 3, 7, 9, 5, 3, 0, ZoneOffset.UTC);

  private static final List<Map<String, ?>> TWO_TURNS =
      List.of(
          message("user", "2 + 2?"),
          message("assistant", "It is 4."),
          message("user", "And 3 + 3?"),
          message("assistant", "6 🎉"));

  private static Map<String, Object> message(String role, Object content) {
    return Map.of("role", role, "content", content);
  }

  private static Map<String, Object> part(String type, String text) {
    return Map.of("type", type, "text", text);
  }

  private static Rendering render(
      String name, List<? extends Map<String, ?>> messages, boolean prompt) throws IOException {
    Map<String, Object> variables =
        Map.of(
            "messages",
            messages,
            "add_generation_prompt",
            prompt,
            "bos_token",
            "<s>",
            "eos_token",
            "</s>");
    return JinjaTemplate.compile(TemplateFixture.builtIn(name)).render(variables, NOW);
  }

  private static List<String> supervised(Rendering rendering) {
    return rendering.generations().stream()
        .map(mark -> rendering.text().substring(mark.start(), mark.end()))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"qwen, qwen2_5", "llama-3, llama3", "gemma, gemma3"})
  void givesTheTextOfTheOriginal(String name, String original) throws IOException {
    ChatFixture fixture = ChatFixture.read();
    List<RecordedRender> ours = fixture.template("hlotune/" + name).renders();
    List<RecordedRender> theirs = fixture.template("trl/" + original).renders();
    assertEquals(
        theirs.stream().map(RecordedRender::text).toList(),
        ours.stream().map(RecordedRender::text).toList());
    assertEquals(
        theirs.stream().map(RecordedRender::raised).toList(),
        ours.stream().map(RecordedRender::raised).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "chatml, <|im_end|>, <|im_start|>assistant\\n",
    "guide, <|endoftext|>, <|assistant|>\\n",
    "qwen, <|im_end|>, <|im_start|>assistant\\n",
    "llama-3, <|eot_id|>, <|start_header_id|>assistant<|end_header_id|>\\n\\n",
    "zephyr, </s>, <|assistant|>\\n",
    "gemma, <end_of_turn>, <start_of_turn>model\\n",
    "mistral, </s>, ''",
    "nanochat, <|assistant_end|>, <|assistant_start|>"
  })
  void supervisesTheAnswerAndItsEnd(String name, String end, String prompt) throws IOException {
    Rendering rendering = render(name, TWO_TURNS, false);
    String space = name.equals("mistral") ? " " : "";
    assertEquals(
        space + "It is 4." + end + space + "6 🎉" + end, String.join("", supervised(rendering)));
    assertEquals(
        rendering.text() + prompt.replace("\\n", "\n"), render(name, TWO_TURNS, true).text());
    assertTrue(JinjaTemplate.compile(TemplateFixture.builtIn(name)).marksGenerations());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"chatml", "gemma", "guide", "llama-3", "mistral", "nanochat", "qwen", "zephyr"})
  void beginsWithACommentThatAddsNothing(String name) throws IOException {
    String source = TemplateFixture.builtIn(name);
    String comment = source.substring(0, source.indexOf("-#}") + 3);
    assertTrue(comment.startsWith("{#- ") && !comment.contains("{%"), comment);
    assertEquals("", JinjaTemplate.compile(comment).render(Map.of(), NOW).text());
  }

  @Test
  void chatMl() throws IOException {
    List<Map<String, Object>> messages =
        List.of(message("system", ""), message("user", " a\n"), message("assistant", "b"));
    assertEquals(
        """
        <|im_start|>system
        <|im_end|>
        <|im_start|>user
         a
        <|im_end|>
        <|im_start|>assistant
        b<|im_end|>
        """,
        render("chatml", messages, false).text());
  }

  @Test
  void guide() throws IOException {
    List<Map<String, Object>> messages =
        List.of(message("system", "s"), message("user", "a"), message("assistant", "b"));
    assertEquals(
        "<|system|>\ns\n<|user|>\na\n<|assistant|>\nb<|endoftext|><|assistant|>\n",
        render("guide", messages, true).text());
  }

  @Test
  void mistralAndZephyr() throws IOException {
    List<Map<String, Object>> messages =
        List.of(message("system", "s"), message("user", "a"), message("assistant", " b "));
    assertEquals("<s>[INST] s\n\na[/INST] b</s>", render("mistral", messages, false).text());
    assertEquals(
        "<|system|>\ns</s>\n<|user|>\na</s>\n<|assistant|>\n b </s>\n",
        render("zephyr", messages, false).text());
  }

  @Test
  void nanochatMergesTheSystemMessageAndMarksCallsButNotTheirOutput() throws IOException {
    Rendering rendering =
        render(
            "nanochat",
            List.of(
                message("system", "Be brief."),
                message("user", "3 * 60?"),
                message(
                    "assistant",
                    List.of(
                        part("text", "I compute. "),
                        part("python", "3*60"),
                        part("python_output", "180"),
                        part("text", "180")))),
            false);
    assertEquals(
        "<|bos|><|user_start|>Be brief.\n\n3 * 60?<|user_end|><|assistant_start|>I compute. "
            + "<|python_start|>3*60<|python_end|><|output_start|>180<|output_end|>180<|assistant_end|>",
        rendering.text());
    assertEquals(
        List.of("I compute. ", "<|python_start|>3*60<|python_end|>", "180", "<|assistant_end|>"),
        supervised(rendering));
  }

  @Test
  void nanochatRefusesWhatItsTokenizerRefuses() {
    refuses("turn 1 must be from user, but is from assistant", List.of(message("assistant", "a")));
    refuses(
        "turn 2 must be from assistant, but is from user",
        List.of(message("user", "a"), message("user", "b")));
    refuses("a system message must be followed by a user message", List.of(message("system", "a")));
    refuses("the content of a user message must be a string", List.of(message("user", List.of())));
    refuses(
        "unknown type of a part: image",
        List.of(message("user", "a"), message("assistant", List.of(part("image", "x")))));
    refuses("a conversation must have a message", List.of());
  }

  private static void refuses(String reason, List<Map<String, Object>> messages) {
    DataException e = assertThrows(DataException.class, () -> render("nanochat", messages, false));
    assertTrue(String.valueOf(e.getMessage()).endsWith(": " + reason), e.getMessage());
  }
}
