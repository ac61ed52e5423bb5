package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.data.Message;
import dev.hlotune.trainer.data.Prompts;
import dev.hlotune.trainer.generate.AnswerText;
import dev.hlotune.trainer.generate.TokenSink;
import dev.hlotune.trainer.loop.OpenedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** What was said so far, to a model. */
final class Conversation {
  private final OpenedModel model;
  private final GenerationOptions.Answering answering;
  private final List<Message> messages = new ArrayList<>();
  private Optional<String> system;

  /** Nothing said yet. */
  Conversation(OpenedModel model, GenerationOptions.Answering answering, Optional<String> system) {
    this.model = model;
    this.answering = answering;
    this.system = system;
    reset();
  }

  /** Forgets what was said, but not the system prompt. */
  void reset() {
    messages.clear();
    system.ifPresent(text -> messages.add(Message.of("system", text)));
  }

  /** Forgets what was said, and has this system prompt or none. */
  void reset(Optional<String> prompt) {
    system = prompt;
    reset();
  }

  /**
   * The user's turn, and the answer to it. Where there is none, the turn was not said.
   *
   * @param out takes the answer's text as it comes, and the end of its line
   */
  void say(String text, Consumer<String> out) {
    List<Message> asked = new ArrayList<>(messages);
    asked.add(Message.of("user", text));
    int[] prompt = Prompts.ofMessages(model.template(), model.tokenizer(), asked);
    AnswerText answer = answering.text(model.tokenizer());
    StringBuilder whole = new StringBuilder();
    TokenSink sink =
        (_, added) -> {
          String piece = answer.add(added);
          whole.append(piece);
          out.accept(piece);
        };
    model.generate(List.of(prompt), answering.settings(), Optional.of(sink), new AtomicBoolean());
    String rest = answer.end();
    whole.append(rest);
    out.accept(rest + "\n");
    messages.clear();
    messages.addAll(asked);
    messages.add(Message.of("assistant", whole.toString().strip()));
  }
}
