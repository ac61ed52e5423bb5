package dev.hlotune.trainer.data;

import dev.hlotune.trainer.jinja.JinjaTemplate;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the characters of one rendered conversation that carry loss.
 *
 * <p>A template that marks what the assistant says by {@code {% generation %}} is taken at its
 * word. For another, the stretch of an answer is worked out from what the model would be shown: it
 * begins where the rendering of the turns before it, with the header of the assistant's turn, ends,
 * and it ends where the rendering of the turns up to it does, white space after its end token left
 * out. Both renderings must be beginnings of the whole; where one is not, the template rewrites
 * what came earlier, and the answer would be learned from a text that the model never sees.
 */
final class SpanFinder {
  /** What came of it. */
  sealed interface Result {}

  /**
   * The stretches are known.
   *
   * @param spans ascending
   */
  record Found(List<Span> spans) implements Result {}

  /**
   * The template rewrites history.
   *
   * @param how what differs, for an error
   */
  record Rewritten(String how) implements Result {}

  private final ConversationText text;
  private final SourceRecord.Conversation conversation;
  private final JinjaTemplate.Rendering whole;
  private final float[] weights;
  private final List<Span> spans = new ArrayList<>();
  private @Nullable String rewritten;

  /**
   * A finder.
   *
   * @param whole the rendering of all messages
   * @param weights the loss weight of each message
   */
  SpanFinder(
      ConversationText text,
      SourceRecord.Conversation conversation,
      JinjaTemplate.Rendering whole,
      float[] weights) {
    this.text = text;
    this.conversation = conversation;
    this.whole = whole;
    this.weights = weights;
  }

  Result find() {
    boolean marks = text.template().compiled().marksGenerations();
    if (marks) {
      addMarked();
    }
    for (int i = 0; i < weights.length && rewritten == null; i++) {
      boolean assistant = conversation.messages().get(i).isAssistant();
      if (weights[i] != 0 && !(marks && assistant)) {
        if (assistant) {
          addAnswer(i);
        } else {
          addSaid(i);
        }
      }
    }
    if (rewritten != null) {
      return new Rewritten(rewritten);
    }
    spans.sort(Comparator.comparingInt(Span::start));
    return new Found(List.copyOf(spans));
  }

  private void add(int start, int end, float weight) {
    if (weight != 0 && start < end) {
      spans.add(new Span(start, end, weight));
    }
  }

  /** What the template marks, each stretch with the weight of the message that it belongs to. */
  private void addMarked() {
    List<JinjaTemplate.Mark> marks = whole.generations();
    float[] weightOf = new float[marks.size()];
    Arrays.fill(weightOf, 1);
    if (!isUniform()) {
      int from = 0;
      for (int i = 0; i < weights.length; i++) {
        if (conversation.messages().get(i).isAssistant()) {
          int to = i == weights.length - 1 ? marks.size() : upTo(i + 1).generations().size();
          if (to < from || to > marks.size()) {
            rewritten = "it marks fewer answers once what follows message " + (i + 1) + " is there";
            return;
          }
          Arrays.fill(weightOf, from, to, weights[i]);
          from = to;
        }
      }
      if (from != marks.size()) {
        rewritten = "it marks as answers what other roles say";
        return;
      }
    }
    for (int i = 0; i < weightOf.length; i++) {
      add(marks.get(i).start(), marks.get(i).end(), weightOf[i]);
    }
  }

  /** Whether the assistant's messages all weigh 1, so that it does not matter which is which. */
  private boolean isUniform() {
    for (int i = 0; i < weights.length; i++) {
      if (conversation.messages().get(i).isAssistant() && weights[i] != 1) {
        return false;
      }
    }
    return true;
  }

  private JinjaTemplate.Rendering upTo(int count) {
    return text.render(conversation, count, false);
  }

  /**
   * Where the text of a message ends in the whole, with white space; -1 where the whole does not
   * begin with the rendering up to it.
   */
  private int endOf(int message) {
    boolean last = message == conversation.messages().size() - 1;
    String with = last ? whole.text() : upTo(message + 1).text();
    int end = with.length() - closing(with, message).length();
    if (!whole.text().startsWith(with.substring(0, end))) {
      rewritten =
          "message %d reads otherwise once later turns follow, %s"
              .formatted(message + 1, difference(with, whole.text()));
      return -1;
    }
    return end;
  }

  /**
   * What the template puts behind everything unless an answer is to follow, as some do with the
   * token that ends a text: it belongs to no message. Told by the turns before this one, which end
   * with it when they stand alone and not when they ask for an answer.
   */
  private String closing(String with, int message) {
    for (String token : text.specialTokens().values()) {
      if (message > 0 && !token.isEmpty() && with.endsWith(token)) {
        String alone = upTo(message).text();
        String asking = text.render(conversation, message, true).text();
        if (alone.endsWith(token)
            && !asking.startsWith(alone)
            && asking.startsWith(alone.substring(0, alone.length() - token.length()))) {
          return token;
        }
      }
    }
    return "";
  }

  /** One of the assistant's messages in a template without marks. */
  private void addAnswer(int message) {
    int end = endOf(message);
    if (end < 0) {
      return;
    }
    String shown = text.render(conversation, message, true).text();
    if (shown.length() > end || !whole.text().startsWith(shown)) {
      rewritten =
          "what comes before message %d reads otherwise once it is there, %s"
              .formatted(message + 1, difference(shown, whole.text()));
      return;
    }
    add(shown.length(), endOfTurn(shown.length(), end), weights[message]);
  }

  /** A message with a weight that the assistant did not say: its content and its end. */
  private void addSaid(int message) {
    int end = endOf(message);
    int before = end < 0 || message == 0 ? 0 : endOf(message - 1);
    if (end < 0 || before < 0) {
      return;
    }
    String content = conversation.messages().get(message).text().strip();
    String turn = whole.text().substring(before, end);
    int start = content.isEmpty() ? -1 : turn.indexOf(content);
    if (start < 0 || turn.indexOf(content, start + 1) >= 0) {
      throw new DataException(
          conversation.origin(),
          "messages[" + message + "]",
          "weight: expected a content that stands once in the rendered turn, got \""
              + content
              + "\"; only the assistant's messages can be trained on here");
    }
    add(before + start, endOfTurn(before + start, end), weights[message]);
  }

  /** What follows the end token only separates turns: the model has stopped before it. */
  private int endOfTurn(int start, int end) {
    int trimmed = end;
    while (trimmed > start && Character.isWhitespace(whole.text().charAt(trimmed - 1))) {
      trimmed--;
    }
    return trimmed;
  }

  /** Where two texts part. */
  private static String difference(String then, String later) {
    int at = 0;
    while (at < then.length() && at < later.length() && then.charAt(at) == later.charAt(at)) {
      at++;
    }
    return "\"%s\" then and \"%s\" later".formatted(excerpt(then, at), excerpt(later, at));
  }

  private static String excerpt(String text, int at) {
    return text.substring(Math.max(0, at - 12), Math.min(text.length(), at + 24))
        .replace("\n", "\\n");
  }
}
