package dev.hlotune.trainer.cli;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.KeyReference;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.benchmark.Benchmark;
import dev.hlotune.trainer.benchmark.BenchmarkOptions;
import dev.hlotune.trainer.benchmark.BenchmarkResult;
import dev.hlotune.trainer.benchmark.ResultsJson;
import dev.hlotune.trainer.benchmark.TaskResult;
import dev.hlotune.trainer.checkpoint.AtomicFile;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a model at the tasks that models are compared by. */
@Command(
    name = "eval",
    description = {
      "Measure a model at tasks, as lm-evaluation-harness does, and nanochat: a table, and JSON.",
      "The data of a task comes from files that are named, from a folder, or from the hub. Takes"
          + " the keys of 'hlotune sft' as options; those of the model, the tokenizer, the"
          + " template, batches and the machine count."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune eval MODEL --tasks NAME,... [--num_fewshot N] [--limit N] [--output FILE.json]"
            + " [--data_dir DIR] [--task_files NAME=FILE,...] [--key value ...] [--verbose]")
final class EvalCommand implements Callable<Integer> {

  /** What measures: the seam at which a test puts itself. */
  @FunctionalInterface
  interface Measuring {
    BenchmarkResult run(SftConfig config, BenchmarkOptions options, RunObserver observer)
        throws IOException;
  }

  private final Console console;
  private final Measuring measuring;

  @Spec private CommandSpec spec;

  @Option(
      names = "--tasks",
      required = true,
      split = ",",
      paramLabel = "NAME",
      description = "The tasks and groups of tasks, see below.")
  private List<String> tasks = new ArrayList<>();

  @Option(
      names = {"--num_fewshot", "--num-fewshot"},
      paramLabel = "N",
      description = "Answered examples before each question, where a task allows them.")
  private Optional<Integer> shots = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The most questions of each task; without it, all.")
  private Optional<Integer> limit = Optional.empty();

  @Option(
      names = {"--output", "--output_path"},
      paramLabel = "FILE",
      description = "Where results go as JSON.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = {"--log_samples", "--log-samples"},
      description =
          "Write a line of JSON for each question too, to 'samples_TASK.jsonl' beside the output.")
  private boolean samples;

  @Option(
      names = {"--data_dir", "--data-dir"},
      paramLabel = "DIR",
      description =
          "A folder with the data of the tasks, in place of the hub: TASK.SPLIT.jsonl, or copies of"
              + " the hub's repositories.")
  private Optional<Path> folder = Optional.empty();

  @Option(
      names = {"--task_files", "--task-files"},
      split = ",",
      paramLabel = "NAME=FILE",
      description =
          "Files with the data of a task or group: its questions, or with NAME:SPLIT=FILE another"
              + " split of it, such as the one that examples are from.")
  private Map<String, Path> files = new LinkedHashMap<>();

  @Option(
      names = {"--apply_chat_template", "--apply-chat-template"},
      description = "Put questions as turns of a conversation, by the chat template.")
  private boolean chat;

  @Option(
      names = {"--max_length", "--max-length"},
      paramLabel = "N",
      description =
          "The longest text in tokens; what is longer loses its beginning. Without it, what the"
              + " model has positions for.")
  private Optional<Integer> maxLength = Optional.empty();

  @Parameters(
      arity = "0..*",
      paramLabel = "MODEL|KEY",
      description = "A model's or an adapter's directory or an id of the hub, and keys as options.")
  private List<String> arguments = new ArrayList<>();

  private EvalCommand(Console console, Measuring measuring) {
    this.console = console;
    this.measuring = measuring;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console, Measuring measuring) {
    CommandLine command = new CommandLine(new EvalCommand(console, measuring));
    command.setUnmatchedOptionsArePositionalParams(true);
    command
        .getHelpSectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_FOOTER,
            help -> {
              int width = Math.clamp(console.width(), 60, 100);
              return new TextBlock(width)
                      .line("")
                      .labelled("Tasks:", 8, String.join(", ", Benchmark.taskNames()))
                  + KeyReference.sftHelp(width);
            });
    return command;
  }

  @Override
  public Integer call() throws Exception {
    if (samples && output.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "--log_samples: expected --output beside it, got none");
    }
    SftRecipe recipe = SftRecipe.read(keys());
    recipe.notes().forEach(console::note);
    LoadingLine line = new LoadingLine(console);
    Instant start = Instant.now();
    BenchmarkResult result = measuring.run(recipe.config(), options(), line);
    console.clear();
    line.notes().forEach(console::note);
    ResultTable.lines(result).forEach(console::print);
    if (output.isPresent()) {
      write(output.get().toAbsolutePath(), result, start, recipe.config().onOneDevice());
    }
    console.note(ResultTable.summary(result));
    return ExitCode.OK.number();
  }

  private List<String> keys() throws IOException {
    // A configuration has training data; there is none here, and nothing reads this.
    List<String> keys = new ArrayList<>(List.of("--dataset_name", "task:none"));
    keys.addAll(ModelArguments.keys(spec.commandLine(), arguments));
    return keys;
  }

  private BenchmarkOptions options() {
    return new BenchmarkOptions(
        tasks.stream().map(String::strip).filter(name -> !name.isEmpty()).toList(),
        optional(shots),
        optional(limit),
        chat,
        optional(maxLength),
        folder,
        files);
  }

  private static OptionalInt optional(Optional<Integer> value) {
    return value.isPresent() ? OptionalInt.of(value.get()) : OptionalInt.empty();
  }

  private void write(Path file, BenchmarkResult result, Instant start, SftConfig config)
      throws IOException {
    if (Files.isDirectory(file)) {
      throw ConfigException.of(
          "'output': expected the name of a file, got the folder '%s'".formatted(file));
    }
    Files.createDirectories(file.resolveSibling(""));
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("model_dtype", config.model().dtype().spelled());
    machine.put("batch_size", config.batch().evalBatchSize());
    machine.put("device", config.machine().platform().spelled());
    AtomicFile.write(file, ResultsJson.of(result, start, machine));
    if (samples) {
      for (TaskResult task : result.tasks()) {
        AtomicFile.write(
            file.resolveSibling("samples_" + task.name() + ".jsonl"), ResultsJson.samples(task));
      }
    }
  }
}
