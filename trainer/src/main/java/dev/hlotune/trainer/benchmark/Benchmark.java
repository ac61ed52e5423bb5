package dev.hlotune.trainer.benchmark;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.hub.Hub;
import dev.hlotune.trainer.loop.MeasuredModel;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Measures a model at tasks. */
public final class Benchmark {
  private Benchmark() {}

  /**
   * Names of tasks and groups; those of MMLU's subjects, {@code mmlu_} before each, are left out.
   */
  public static List<String> taskNames() {
    return TaskTable.names();
  }

  /**
   * Asks a model and counts its answers.
   *
   * @param config model, tokenizer, template, batch size and machine; the rest is of no account
   * @param observer hears how it goes
   * @throws IOException if a file cannot be read or written
   * @throws ConfigException if a task is not known or cannot be asked like this
   * @throws dev.hlotune.trainer.source.DataException if model or data cannot be used
   */
  public static BenchmarkResult run(
      SftConfig config, BenchmarkOptions options, RunObserver observer) throws IOException {
    return run(config, System.getenv(), options, observer);
  }

  static BenchmarkResult run(
      SftConfig config,
      Map<String, String> environment,
      BenchmarkOptions options,
      RunObserver observer)
      throws IOException {
    TaskTable.Selection selection = TaskTable.select(options.tasks());
    options.files().keySet().forEach(name -> requireSelected(name, selection));
    try (MeasuredModel model = MeasuredModel.open(config, observer);
        Hub hub = Hub.of(environment, config.machine().offline())) {
      int maxLength = maxLength(options, model);
      TaskRows rows = new TaskRows(hub, options, observer);
      Preparing preparing = new Preparing(model, rows, options, maxLength);
      PreparingAnswers answers = new PreparingAnswers(model, rows, options, maxLength, observer);
      List<Prepared> choosing = new ArrayList<>();
      List<PreparedAnswers> answering = new ArrayList<>();
      for (Task task : selection.tasks()) {
        observer.on(new RunEvent.Progressed("reading " + task.name(), 0, 0));
        switch (task) {
          case Task.Choice choice -> choosing.add(preparing.choice(choice));
          case Task.Letter letter -> choosing.add(preparing.letter(letter));
          case Task.Answer answer -> answering.add(answers.of(answer));
        }
      }
      note(choosing, maxLength, observer);
      Asking asking = new Asking(model, observer, choosing, answering);
      List<TaskResult> results = asking.run();
      List<TaskResult> ordered =
          selection.tasks().stream()
              .map(task ->
                  results.stream()
                      .filter(result -> result.name().equals(task.name()))
                      .findFirst()
                      .orElseThrow())
              .toList();
      Grouping grouping = new Grouping(selection.tasks(), selection.groups(), ordered);
      return new BenchmarkResult(
          ordered,
          selection.groups().stream().map(grouping::of).toList(),
          config.model().model().toString(),
          maxLength,
          options.chat(),
          options.limit().orElse(0),
          asking.work());
    }
  }

  private static void requireSelected(String name, TaskTable.Selection selection) {
    String task = name.contains(":") ? name.substring(0, name.indexOf(':')) : name;
    boolean known =
        selection.tasks().stream().anyMatch(one -> TaskTable.namesOf(one).contains(task));
    if (!known) {
      throw ConfigException.of(
          "'task_files': expected files of tasks in 'tasks', got one of '" + task + "'");
    }
  }

  private static int maxLength(BenchmarkOptions options, MeasuredModel model) {
    int wanted = options.maxLength().orElse(model.maxPositions());
    if (wanted > model.maxPositions()) {
      throw ConfigException.of(
          "'max_length': expected at most the model's %d positions, got %d"
              .formatted(model.maxPositions(), wanted));
    }
    return wanted;
  }

  private static void note(List<Prepared> prepared, int maxLength, RunObserver observer) {
    for (Prepared task : prepared) {
      long cut =
          task.questions().stream()
              .flatMap(question -> question.requests().stream())
              .filter(Request::cut)
              .count();
      if (cut > 0) {
        observer.on(
            new RunEvent.Noted(
                "%s: %d of %d texts are longer than %d tokens and lose their beginning"
                    .formatted(task.task().name(), cut, task.requests(), maxLength)));
      }
    }
  }
}
