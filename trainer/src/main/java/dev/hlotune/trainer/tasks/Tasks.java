package dev.hlotune.trainer.tasks;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.SplitPart;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Data sets that are made up: nanochat's tasks of spelling and counting letters.
 *
 * <p>A recipe names one by {@code task:} and its name, says by {@code split} how many rows it wants
 * ({@code train[:300]}), and may name files of words, one a line, by {@code data_files}. The same
 * seed and words always give the same row at the same place, so a slice is what it is of any other
 * data set.
 */
public final class Tasks {
  /** The tasks that there are, as recipes name them after {@code task:}. */
  public static final List<String> NAMES = List.of("simple_spelling", "spelling_bee");

  /** What the path of a task begins with. */
  public static final String PREFIX = "task:";

  private Tasks() {}

  /**
   * What is wanted of a task.
   *
   * @param rows which rows, in this order; see {@link RowRange}
   * @param seed 0 draws as nanochat does; another number gives other rows
   * @param words files of words, one a line; none takes the built-in ones
   */
  public record Options(List<RowRange> rows, int seed, List<Path> words) {
    /** Copies the lists and checks the rows. */
    public Options {
      rows = List.copyOf(rows);
      words = List.copyOf(words);
      if (rows.isEmpty()) {
        throw new DataException("task: expected rows, got none");
      }
      if (seed < 0) {
        throw new DataException("task: expected a seed of at least 0, got " + seed);
      }
    }

    /**
     * From what a recipe says.
     *
     * @param split {@code train} or {@code test}, each with a slice; empty is {@code train}
     * @param seed empty is 0
     * @param words files of words; none takes the built-in ones
     * @throws DataException if there is no such split, or the slice does not say how many rows
     */
    public static Options of(Optional<String> split, Optional<Integer> seed, List<Path> words) {
      return new Options(
          SplitPart.parse(split.orElse("train")).stream().map(RowRange::of).toList(),
          seed.orElse(0),
          words);
    }
  }

  /** Whether a path names a task, known or not. */
  public static boolean isTask(String path) {
    return path.startsWith(PREFIX);
  }

  /**
   * Writes a task's rows to a file of JSON Lines with {@code messages}, unless it is there already.
   * It appears whole or not at all.
   *
   * @param name the task, with {@code task:} before it or not
   * @param cacheRoot the cache; the file goes into a folder of {@code data} under it that is named
   *     by the hash of all that decides its content
   * @return the file
   * @throws DataException if there is no such task, or its words or the cache cannot be used
   */
  public static Path materialize(String name, Options options, Path cacheRoot) {
    String task = isTask(name) ? name.substring(PREFIX.length()) : name;
    if (!NAMES.contains(task)) {
      throw new DataException(
          "task: expected one of "
              + NAMES.stream().map(known -> '"' + known + '"').collect(Collectors.joining(", "))
              + ", got \""
              + task
              + '"');
    }
    List<String> words = WordList.of(options.words());
    return new TaskFile(task, options.rows(), options.seed(), words)
        .under(cacheRoot.resolve("data"));
  }
}
