package dev.hlotune.trainer.benchmark;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.tasks.PythonRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The examples that stand before questions, drawn as lm-evaluation-harness draws them: by Python's
 * {@code random} from the seed, one question after the other. For one thread.
 */
final class Shots {
  /** What lm-evaluation-harness takes unless told otherwise. */
  static final int SEED = 1234;

  private final Task.Choice task;
  private final List<Columns> pool;
  private final int count;
  private final PythonRandom random = new PythonRandom(SEED);

  /**
   * Examples of a task.
   *
   * @param pool what there is to show, in the order of its files
   * @param count how many are shown before each question
   * @throws ConfigException if there are not as many
   */
  Shots(Task.Choice task, List<Columns> pool, int count) {
    this.task = task;
    this.pool = List.copyOf(pool);
    this.count = count;
    int wanted = task.shown() == Task.Shown.DRAWN_BUT_ITSELF && count > 0 ? count + 1 : count;
    if (pool.size() < wanted) {
      throw ConfigException.of(
          "'num_fewshot': expected at most %d of '%s', whose split '%s' has %d rows, got %d"
              .formatted(
                  pool.size() - (wanted - count),
                  task.name(),
                  task.shownSplit(),
                  pool.size(),
                  count));
    }
  }

  /** The examples before the next question. */
  List<Columns> before(Columns question) {
    if (count == 0) {
      return List.of();
    }
    return switch (task.shown()) {
      case NONE -> List.of();
      case FIRST -> pool.subList(0, count);
      case DRAWN -> drawn(pool, count);
      case DRAWN_BUT_ITSELF -> {
        List<Columns> others = without(drawn(pool, count + 1), question);
        yield others.size() < count
            ? drawn(without(pool, question), count)
            : others.subList(0, count);
      }
    };
  }

  private List<Columns> drawn(List<Columns> from, int count) {
    List<Columns> drawn = new ArrayList<>(count);
    for (int place : random.sample(from.size(), count)) {
      drawn.add(from.get(place));
    }
    return drawn;
  }

  private static List<Columns> without(List<Columns> rows, Columns question) {
    return rows.stream().filter(row -> !row.node().equals(question.node())).toList();
  }
}
