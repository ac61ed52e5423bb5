package dev.hlotune.trainer.cli;

import dev.hlotune.configs.SweepRecipe;
import dev.hlotune.trainer.checkpoint.JsonFile;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.sweep.PointResult;
import dev.hlotune.trainer.sweep.PointState;
import dev.hlotune.trainer.sweep.Sweep;
import dev.hlotune.trainer.sweep.SweepObserver;
import dev.hlotune.trainer.sweep.SweepReport;
import dev.hlotune.trainer.watch.WatchedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a recipe with every combination of some values. */
@Command(
    name = "sweep",
    description = {
      "Run a recipe once with every combination of the values of a grid, and compare what comes of"
          + " it: a table, and plots of the loss on training and held-out data.",
      "The same command goes on with a sweep that was interrupted. A point that fails or diverges"
          + " does not keep the others from being run."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune sweep [RECIPE.yaml] [--grid key=v1,v2,...] [--key value ...] [--dry-run] [--json]"
            + " [--verbose]")
final class SweepCommand implements Callable<Integer> {
  private final Console console;
  private final Sweep.Training training;
  private final Supplier<StopSignal> signals;

  @Option(
      names = "--grid",
      paramLabel = "KEY=V1,V2,...",
      description =
          "A key of 'hlotune sft' and its values, or a list of them in JSON; once for each key. A"
              + " recipe has them under 'grid'.")
  private List<String> grids = new ArrayList<>();

  @Option(names = "--dry-run", description = "List the points and what is there of each, and stop.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "RECIPE|KEY",
      description = "A YAML recipe, and any of the keys below as options; they go over it.")
  private List<String> arguments = new ArrayList<>();

  private SweepCommand(Console console, Sweep.Training training, Supplier<StopSignal> signals) {
    this.console = console;
    this.training = training;
    this.signals = signals;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console) {
    return line(console, WatchedRun::run, () -> StopSignal.install(console));
  }

  /**
   * The same for a test.
   *
   * @param signals begins to listen
   */
  static CommandLine line(Console console, Sweep.Training training, Supplier<StopSignal> signals) {
    return KeyOptions.line(console, new SweepCommand(console, training, signals));
  }

  @Override
  public Integer call() throws Exception {
    SweepRecipe recipe = SweepRecipe.read(arguments, grids);
    recipe.notes().forEach(console::note);
    if (dryRun) {
      list(Sweep.found(recipe));
      return ExitCode.OK.number();
    }
    StopSignal stop = signals.get();
    Sweep.Outcome outcome = Sweep.run(recipe, training, observer(), stop.flag());
    SweepReport report = outcome.report();
    if (json) {
      print(report.json());
    } else {
      console.print("");
      report.table().lines().forEach(console::print);
      console.print("");
      console.print("table and plots: " + recipe.directory().resolve("sweep.html"));
    }
    List<PointState> states = report.results().stream().map(PointResult::state).toList();
    ExitCode code =
        outcome.failure().isPresent()
            ? ExitCode.of(outcome.failure().get())
            : states.stream().anyMatch(state -> !state.isComplete())
                ? stop.code()
                : states.stream().allMatch(state -> state == PointState.DIVERGED)
                    ? ExitCode.DIVERGED
                    : ExitCode.OK;
    return code.number();
  }

  private void list(List<PointResult> points) throws IOException {
    if (json) {
      List<Map<String, Object>> all = new ArrayList<>();
      for (PointResult one : points) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", one.point().name());
        values.put("keys", one.point().values());
        values.put("directory", one.directory().toString());
        values.put("state", one.state().spelled());
        all.add(values);
      }
      print(Map.of("points", all));
      return;
    }
    for (PointResult one : points) {
      console.print("%-11s %s".formatted(one.state().spelled(), one.directory()));
    }
  }

  private void print(Map<String, Object> values) throws IOException {
    console.printText(new String(JsonFile.print(values), StandardCharsets.UTF_8));
  }

  /** Where programs read standard output, it holds the result alone. */
  private SweepObserver observer() {
    return (point, number, count, state) -> {
      String title = "point %d of %d: %s".formatted(number, count, point.name());
      if (state.isComplete()) {
        title += " (" + state.spelled() + " before)";
      }
      if (json) {
        console.note(title);
        return event -> {
          if (event instanceof RunEvent.Noted(String message)) {
            console.note(message);
          }
        };
      }
      console.print((number == 1 ? "" : "\n") + title);
      return new ProgressDisplay(console);
    };
  }
}
