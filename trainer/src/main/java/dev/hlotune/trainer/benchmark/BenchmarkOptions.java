package dev.hlotune.trainer.benchmark;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to be measured.
 *
 * @param tasks names of tasks and groups
 * @param shots examples before each question, where a task allows them; empty is the task's own
 *     number, mostly none
 * @param limit the most questions of each task; empty is all
 * @param chat whether questions go through the chat template
 * @param maxLength the longest text in tokens; empty is what the model has positions for
 * @param folder where data sets are looked for before the hub is asked
 * @param files files by what they are of: the name of a task or group, or {@code NAME:SPLIT}
 */
public record BenchmarkOptions(
    List<String> tasks,
    OptionalInt shots,
    OptionalInt limit,
    boolean chat,
    OptionalInt maxLength,
    Optional<Path> folder,
    Map<String, Path> files) {
  /** Copies the collections and checks the numbers. */
  public BenchmarkOptions {
    tasks = List.copyOf(tasks);
    files = Map.copyOf(files);
    List<Problem> problems = new ArrayList<>();
    require(problems, "num_fewshot", shots, 0);
    require(problems, "limit", limit, 1);
    require(problems, "max_length", maxLength, 2);
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  /** Some tasks as they are, with data from the hub. */
  public static BenchmarkOptions of(List<String> tasks) {
    return new BenchmarkOptions(
        tasks,
        OptionalInt.empty(),
        OptionalInt.empty(),
        false,
        OptionalInt.empty(),
        Optional.empty(),
        Map.of());
  }

  private static void require(List<Problem> problems, String name, OptionalInt value, int least) {
    if (value.isPresent() && value.getAsInt() < least) {
      problems.add(
          new Problem(
              Optional.empty(),
              List.of(name),
              "'%s': expected at least %d, got %d".formatted(name, least, value.getAsInt())));
    }
  }
}
