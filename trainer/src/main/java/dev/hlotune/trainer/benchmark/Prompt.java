package dev.hlotune.trainer.benchmark;

import dev.hlotune.trainer.data.ChatPrompt;
import dev.hlotune.trainer.data.Message;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts what stands before a choice together: the description, the examples, the question.
 *
 * @param chat renders them as turns of a conversation; empty writes them one after the other
 */
record Prompt(Optional<ChatPrompt> chat) {
  private static final String BETWEEN = "\n\n";

  /** What stands between a question and its answer. */
  String delimiter() {
    return chat.isPresent() ? "" : " ";
  }

  /** The text before the answer to {@code asked}, which belongs to a question. */
  String before(String description, List<Question> shots, String asked, Question question) {
    if (chat.isPresent()) {
      return chat(description, shots, asked, question);
    }
    StringBuilder text = new StringBuilder(description);
    for (Question shot : shots) {
      text.append(shot.asked(shot.gold()))
          .append(' ')
          .append(shot.answered(shot.gold()))
          .append(BETWEEN);
    }
    return text.append(asked).toString();
  }

  /** A template that knows no system message is not given one. */
  private String chat(String description, List<Question> shots, String asked, Question question) {
    List<Message> turns = new ArrayList<>();
    for (Question shot : shots) {
      turns.add(Message.of("user", shot.asked(shot.gold())));
      turns.add(Message.of("assistant", shot.answered(shot.gold())));
    }
    turns.add(Message.of("user", asked));
    ChatPrompt template = chat.orElseThrow();
    if (description.isEmpty()) {
      return template.of(turns, question.origin());
    }
    List<Message> all = new ArrayList<>(turns);
    all.addFirst(Message.of("system", description));
    try {
      return template.of(all, question.origin());
    } catch (DataException refused) {
      return template.of(turns, question.origin());
    }
  }
}
