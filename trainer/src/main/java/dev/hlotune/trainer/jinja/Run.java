package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.JinjaTemplate.Mark;
import dev.hlotune.trainer.jinja.python.Limits;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.source.DataException;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One rendering: what it was given, what it has written, and how far it may go. */
final class Run {
  private static final int MOST_STEPS = 10_000_000;
  private static final int DEEPEST = 200;

  private final Map<String, ?> variables;
  private final ZonedDateTime now;

  /** What is written at the top level; blocks that are caught first are not part of it. */
  final StringBuilder out = new StringBuilder(1024);

  private final List<Mark> marks = new ArrayList<>();

  /** How much of {@link #out} is counted, and how many code points that is. */
  private int counted;

  private int codePoints;

  /** The line that is executed. */
  int line = 1;

  private int steps;
  private int depth;

  Run(Map<String, ?> variables, ZonedDateTime now) {
    this.variables = variables;
    this.now = now;
  }

  /** The value of a name that the template does not set, or {@link Missing#VALUE}. */
  @Nullable Object resolve(String name) {
    Object value = variables.get(name);
    return value != null || variables.containsKey(name) ? value : Globals.find(name, now);
  }

  /** Counts one turn of a loop, or one call. */
  void step() {
    if (++steps > MOST_STEPS) {
      throw new DataException(
          "expected at most " + MOST_STEPS + " turns of loops and calls of macros, got more");
    }
    Limits.length(out.length());
  }

  /**
   * Marks what a generation block is about to write, from where the top level is now. Counted in
   * code points, as transformers counts: inside a block that is caught the place is not that of the
   * text, and in another unit it would be yet another one.
   */
  void mark(String text) {
    codePoints += out.codePointCount(counted, out.length());
    counted = out.length();
    marks.add(new Mark(codePoints, codePoints + text.codePointCount(0, text.length())));
  }

  /** The marks in the text; one of a block that was never written may lie behind the end. */
  List<Mark> marks(String text) {
    int size = text.codePointCount(0, text.length());
    if (size == text.length()) {
      return marks.stream().map(mark -> cut(mark, size)).toList();
    }
    return marks.stream()
        .map(mark -> cut(mark, size))
        .map(mark ->
            new Mark(
                text.offsetByCodePoints(0, mark.start()), text.offsetByCodePoints(0, mark.end())))
        .toList();
  }

  private static Mark cut(Mark mark, int size) {
    return new Mark(Math.min(mark.start(), size), Math.min(mark.end(), size));
  }

  /** Enters a macro or a turn of a recursive loop. */
  void enter() {
    step();
    if (++depth > DEEPEST) {
      throw new DataException("expected at most " + DEEPEST + " calls inside each other, got more");
    }
  }

  void leave() {
    depth--;
  }
}
