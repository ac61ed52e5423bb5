package dev.hlotune.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which characters of a conversation are learned, in templates with and without marks. */
class SupervisedTextTest {
  private static final Origin ORIGIN = new Origin(Path.of("a.jsonl"), 7);

  /** ChatML without marks. */
  private static final ChatTemplate PLAIN =
      ChatTemplate.of(
          "plain",
          "{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>\n{% endfor %}"
              + "{% if add_generation_prompt %}<assistant>{% endif %}");

  private static final ChatTemplate MARKED =
      ChatTemplate.of(
          "marked",
          "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}{% generation %}"
              + "{{ m.content }}<end>{% endgeneration %}{% else %}{{ m.content }}<end>{% endif %}"
              + "{{ '\\n' }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");

  /** Drops what earlier answers thought, as templates of reasoning models do. */
  private static final ChatTemplate FORGETFUL =
      ChatTemplate.of(
          "forgetful",
          "{% for m in messages %}<{{ m.role }}>"
              + "{{ m.content if loop.last else m.content.split('|')[-1] }}<end>\n{% endfor %}"
              + "{% if add_generation_prompt %}<assistant>{% endif %}");

  private static SourceRecord.Conversation conversation(Message... messages) {
    return new SourceRecord.Conversation(List.of(messages), ORIGIN);
  }

  private static final SourceRecord.Conversation TWO_TURNS =
      conversation(
          Message.of("user", "a"),
          Message.of("assistant", "b"),
          Message.of("user", "c"),
          Message.of("assistant", " d "));

  private static List<Rendered> render(
      ChatTemplate template, Supervision supervision, SourceRecord.Conversation conversation) {
    return new SupervisedText(
            new ConversationText(template, Map.of(), ZonedDateTime.now(ZoneOffset.UTC)),
            supervision)
        .render(conversation);
  }

  /** The learned pieces, each with its weight where that is not 1. */
  private static List<String> learned(Rendered rendered) {
    return rendered.spans().stream()
        .map(span ->
            rendered.text().substring(span.start(), span.end())
                + (span.weight() == 1 ? "" : "*" + span.weight()))
        .toList();
  }

  private static List<String> learned(
      ChatTemplate template, TrainOn trainOn, SourceRecord.Conversation conversation) {
    Supervision supervision = new Supervision(trainOn, TrainOnEnd.TURN, OnRewrittenHistory.ERROR);
    List<Rendered> rendered = render(template, supervision, conversation);
    assertEquals(1, rendered.size());
    return learned(rendered.getFirst());
  }

  @Test
  void answersAreLearnedWithTheirEnds() {
    for (ChatTemplate template : List.of(PLAIN, MARKED)) {
      assertEquals(
          List.of("b<end>", " d <end>"),
          learned(template, TrainOn.ALL_ASSISTANT_MESSAGES, TWO_TURNS));
      assertEquals(
          List.of(" d <end>"), learned(template, TrainOn.LAST_ASSISTANT_MESSAGE, TWO_TURNS));
      String all = "<user>a<end>\n<assistant>b<end>\n<user>c<end>\n<assistant> d <end>\n";
      assertEquals(List.of(all), learned(template, TrainOn.ALL_TOKENS, TWO_TURNS));
      assertEquals(List.of(all), learned(template, TrainOn.ALL_BUT_PROMPTS, TWO_TURNS));
    }
  }

  @Test
  void ofAPromptAndItsCompletionTheCompletionIsLearned() {
    SourceRecord.Conversation prompted =
        conversation(
            Message.of("user", "a").weighing(0),
            Message.of("assistant", "b").weighing(0),
            Message.of("user", "c").weighing(0),
            Message.of("assistant", "d"));
    assertEquals(List.of("d<end>"), learned(PLAIN, TrainOn.ALL_BUT_PROMPTS, prompted));
  }

  @Test
  void messagesMayWeighSomething() {
    SourceRecord.Conversation weighted =
        conversation(
            Message.of("user", "a").weighing(0.5f),
            Message.of("assistant", "b").weighing(0),
            Message.of("user", "c"),
            Message.of("assistant", "d").weighing(2),
            Message.of("assistant", "e"));
    for (ChatTemplate template : List.of(PLAIN, MARKED)) {
      assertEquals(
          List.of("a<end>*0.5", "d<end>*2.0", "e<end>"),
          learned(template, TrainOn.ALL_ASSISTANT_MESSAGES, weighted));
    }
  }

  private static final SourceRecord.Conversation THINKING =
      conversation(
          Message.of("user", "a"),
          Message.of("assistant", "think|b"),
          Message.of("user", "c"),
          Message.of("assistant", "think|d"));

  @Test
  void rewrittenHistoryIsRefused() {
    DataException refused =
        assertThrows(DataException.class, () -> render(FORGETFUL, Supervision.DEFAULT, THINKING));
    String message = String.valueOf(refused.getMessage());
    assertTrue(
        message.startsWith(
            "a.jsonl:7: field \"messages\": chat template \"forgetful\": expected every answer to"
                + " stand in the whole as the model sees it when it answers, got a template that"
                + " rewrites history: message 2 reads otherwise once later turns follow, "),
        message);
    assertTrue(message.contains("think|b"), message);
    assertTrue(message.endsWith("{% generation %}"), message);
  }

  @Test
  void rewrittenHistoryCanBeSplit() {
    Supervision split =
        new Supervision(TrainOn.ALL_ASSISTANT_MESSAGES, TrainOnEnd.TURN, OnRewrittenHistory.SPLIT);
    List<Rendered> pieces = render(FORGETFUL, split, THINKING);
    assertEquals(2, pieces.size());
    assertEquals("<user>a<end>\n<assistant>think|b<end>\n", pieces.getFirst().text());
    assertEquals(List.of("think|b<end>"), learned(pieces.getFirst()));
    assertEquals(
        "<user>a<end>\n<assistant>b<end>\n<user>c<end>\n<assistant>think|d<end>\n",
        pieces.getLast().text());
    assertEquals(List.of("think|d<end>"), learned(pieces.getLast()));
    // The last answer alone needs no splitting.
    assertEquals(
        List.of("think|d<end>"), learned(FORGETFUL, TrainOn.LAST_ASSISTANT_MESSAGE, THINKING));
  }

  @Test
  void whatATemplateRefusesNamesTheRecord() {
    ChatTemplate strict =
        ChatTemplate.of(
            "strict",
            "{% if messages[0].role != 'user' %}{{ raise_exception('user first') }}{% endif %}");
    DataException refused =
        assertThrows(
            DataException.class,
            () ->
                render(
                    strict, Supervision.DEFAULT, conversation(Message.of("assistant", "hello"))));
    String message = String.valueOf(refused.getMessage());
    assertTrue(
        message.startsWith("a.jsonl:7: field \"messages\": chat template \"strict\" refuses: "),
        message);
    assertTrue(message.contains("user first"), message);
  }

  @Test
  void aTemplateThatIsNoneIsRefusedWithItsLine() {
    String message =
        String.valueOf(
            assertThrows(DataException.class, () -> ChatTemplate.of("broken", "a\n{% if %}b"))
                .getMessage());
    assertTrue(message.startsWith("chat template \"broken\": template: line 2: "), message);
  }

  @Test
  void portableTemplatesRenderTheSameWithoutMarks() {
    ChatTemplate portable = ChatTemplate.of("portable", MARKED.portable());
    assertTrue(!portable.source().contains("{% generation"), portable.source());
    assertEquals(
        render(MARKED, Supervision.DEFAULT, TWO_TURNS).getFirst(),
        render(portable, Supervision.DEFAULT, TWO_TURNS).getFirst());
  }

  @Test
  void whatClosesTheTextBelongsToNoMessage() {
    ChatTemplate closing =
        ChatTemplate.of(
            "closing",
            "{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>\n{% endfor %}"
                + "{% if add_generation_prompt %}<assistant>{% else %}{{ eos_token }}{% endif %}");
    Rendered rendered =
        new SupervisedText(
                new ConversationText(
                    closing, Map.of("eos_token", "</s>"), ZonedDateTime.now(ZoneOffset.UTC)),
                Supervision.DEFAULT)
            .render(TWO_TURNS)
            .getFirst();
    assertTrue(rendered.text().endsWith("<end>\n</s>"), rendered.text());
    assertEquals(List.of("b<end>", " d <end>"), learned(rendered));
  }
}
