package dev.hlotune.trainer.data;

import dev.hlotune.trainer.jinja.JinjaTemplate;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;

/**
 * Renders conversations for training: the text, and the characters that carry loss.
 *
 * @param text renders
 * @param supervision what is learned
 */
record SupervisedText(ConversationText text, Supervision supervision) {
  /**
   * Renders a conversation; to several texts where the template rewrites history and the
   * conversation is to be split.
   *
   * @throws DataException if the template refuses it, or what is learned cannot be told exactly
   */
  List<Rendered> render(SourceRecord.Conversation conversation) {
    JinjaTemplate.Rendering whole =
        text.render(conversation, conversation.messages().size(), false);
    if (supervision.whole(conversation.messages())) {
      return List.of(new Rendered(whole.text(), List.of(new Span(0, whole.text().length(), 1))));
    }
    float[] weights = supervision.weights(conversation.messages());
    return switch (new SpanFinder(text, conversation, whole, weights).find()) {
      case SpanFinder.Found(List<Span> spans) -> List.of(new Rendered(whole.text(), spans));
      case SpanFinder.Rewritten(String how) -> {
        if (supervision.onRewrittenHistory() == OnRewrittenHistory.ERROR) {
          throw rewrites(conversation, how);
        }
        yield split(conversation, weights);
      }
    };
  }

  /** Each answer with what stands before it when it is given. */
  private List<Rendered> split(SourceRecord.Conversation conversation, float[] weights) {
    List<Rendered> pieces = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] == 0) {
        continue;
      }
      SourceRecord.Conversation piece =
          new SourceRecord.Conversation(
              conversation.messages().subList(0, i + 1),
              conversation.variables(),
              conversation.origin());
      float[] only = new float[i + 1];
      only[i] = weights[i];
      JinjaTemplate.Rendering whole = text.render(piece, i + 1, false);
      switch (new SpanFinder(text, piece, whole, only).find()) {
        case SpanFinder.Found(List<Span> spans) -> pieces.add(new Rendered(whole.text(), spans));
        case SpanFinder.Rewritten(String how) -> throw rewrites(conversation, how);
      }
    }
    return pieces;
  }

  private DataException rewrites(SourceRecord.Conversation conversation, String how) {
    return new DataException(
        conversation.origin(),
        "messages",
        "chat template \"%s\": expected every answer to stand in the whole as the model sees it when it answers, got a template that rewrites history: %s; set on_rewritten_history to split or train_on_what to last_assistant_message, give the template other variables (chat_template_kwargs), or use one that marks answers by {%% generation %%}"
            .formatted(text.template().name(), how));
  }
}
