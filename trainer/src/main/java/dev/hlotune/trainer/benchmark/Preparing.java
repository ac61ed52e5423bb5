package dev.hlotune.trainer.benchmark;

import dev.hlotune.trainer.benchmark.Prepared.Asked;
import dev.hlotune.trainer.data.ChatPrompt;
import dev.hlotune.trainer.data.Message;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.loop.MeasuredModel;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.RawRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes requests of the rows of tasks. */
final class Preparing {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private final MeasuredModel model;
  private final Tokenizer tokenizer;
  private final TaskRows rows;
  private final BenchmarkOptions options;
  private final int maxLength;

  Preparing(MeasuredModel model, TaskRows rows, BenchmarkOptions options, int maxLength) {
    this.model = model;
    this.tokenizer = model.tokenizer();
    this.rows = rows;
    this.options = options;
    this.maxLength = maxLength;
  }

  private List<RawRecord> limited(TaskRows.Found found) {
    int count = found.rows().size();
    return found.rows().subList(0, Math.min(count, options.limit().orElse(count)));
  }

  Prepared choice(Task.Choice task) {
    int shots = task.shown() == Task.Shown.NONE ? 0 : options.shots().orElse(0);
    TaskRows.Found found = rows.of(task, task.split());
    List<RawRecord> pool = shots == 0 ? List.of() : rows.of(task, task.shownSplit()).rows();
    PairEncoder encoder = new PairEncoder(tokenizer);
    List<Asked> asked =
        Posed.of(task, limited(found), pool, shots, prompt()).stream()
            .parallel()
            .map(posed -> asked(task, posed, encoder))
            .toList();
    return new Prepared(task, shots, found.rows().size(), found.source(), asked);
  }

  private Asked asked(Task.Choice task, Posed posed, PairEncoder encoder) {
    Question question = posed.question();
    List<Request> requests =
        posed.pairs().stream()
            .map(pair ->
                encoder.encode(pair.context(), pair.continuation(), maxLength, question.origin()))
            .toList();
    return new Asked(requests, likelihoods -> Counting.choice(task, question, likelihoods));
  }

  private Prompt prompt() {
    return new Prompt(
        options.chat()
            ? Optional.of(new ChatPrompt(model.template(), tokenizer))
            : Optional.empty());
  }

  Prepared letter(Task.Letter task) {
    TaskRows.Found found = rows.of(task, task.split());
    ChatPrompt prompt = new ChatPrompt(model.template(), tokenizer);
    List<Asked> asked = new ArrayList<>();
    for (RawRecord row : limited(found)) {
      List<String> letters = letters(new Columns(row.tree(), row.origin()));
      List<Message> turns = ChatPrompt.multipleChoice(row);
      String target = turns.getLast().text();
      int[] context = tokenizer.ids(prompt.of(turns.subList(0, turns.size() - 1), row.origin()));
      List<Request> requests = new ArrayList<>();
      for (String letter : letters) {
        requests.add(Request.of(context, token(letter), maxLength, row.origin()));
      }
      asked.add(new Asked(requests, likelihoods -> Counting.letter(letters, target, likelihoods)));
    }
    return new Prepared(task, 0, found.rows().size(), found.source(), asked);
  }

  private static List<String> letters(Columns row) {
    if (row.node().path("choices").isObject()) {
      return row.texts("choices.label");
    }
    return ALPHABET
        .substring(0, Math.min(ALPHABET.length(), row.texts("choices").size()))
        .chars()
        .mapToObj(Character::toString)
        .toList();
  }

  private int[] token(String letter) {
    int[] ids = tokenizer.ids(letter);
    if (ids.length != 1) {
      throw new DataException(
          tokenizer.directory(),
          "letter \"%s\": expected one token, got %d; letters are compared by their tokens"
              .formatted(letter, ids.length));
    }
    return ids;
  }
}
