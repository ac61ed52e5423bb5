package dev.hlotune.trainer.benchmark;

import dev.hlotune.trainer.source.RawRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * A question as it is put: for each choice the text before it, and what is scored.
 *
 * @param question the question
 * @param pairs one for each choice
 */
record Posed(Question question, List<Pair> pairs) {
  /**
   * A text and how it goes on.
   *
   * @param context what stands before, examples included
   * @param continuation what is scored
   */
  record Pair(String context, String continuation) {}

  Posed {
    pairs = List.copyOf(pairs);
  }

  /**
   * Puts the questions of a task, in order: the examples before each are drawn one after the other.
   *
   * @param rows the questions
   * @param pool what examples are drawn from
   * @param shots how many examples stand before each
   * @throws dev.hlotune.trainer.source.DataException if a row is not a question, with its place
   */
  static List<Posed> of(
      Task.Choice task, List<RawRecord> rows, List<RawRecord> pool, int shots, Prompt prompt) {
    Shots examples = new Shots(task, columns(pool), shots);
    List<Posed> posed = new ArrayList<>();
    for (Columns row : columns(rows)) {
      Question question = task.form().of(row);
      List<Question> before = examples.before(row).stream().map(task.form()::of).toList();
      List<Pair> pairs = new ArrayList<>();
      String context = "";
      for (int choice = 0; choice < question.choices().size(); choice++) {
        if (choice == 0 || question.chosenWithin()) {
          context = prompt.before(task.description(), before, question.asked(choice), question);
        }
        pairs.add(new Pair(context, prompt.delimiter() + question.answered(choice)));
      }
      posed.add(new Posed(question, pairs));
    }
    return posed;
  }

  private static List<Columns> columns(List<RawRecord> rows) {
    return rows.stream().map(row -> new Columns(row.tree(), row.origin())).toList();
  }
}
