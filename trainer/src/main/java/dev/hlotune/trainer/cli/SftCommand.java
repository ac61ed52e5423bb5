package dev.hlotune.trainer.cli;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.loop.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Supervised fine-tuning by a recipe. */
@Command(
    name = "sft",
    description = "Fine-tune a model on conversations or questions with answers.",
    mixinStandardHelpOptions = true,
    customSynopsis = "hlotune sft [RECIPE.yaml] [--key value ...] [--dry-run] [--verbose]")
final class SftCommand implements Callable<Integer> {

  /** What trains: the seam at which a test puts itself. */
  @FunctionalInterface
  interface Training {
    RunSummary run(SftConfig config, RunObserver observer, AtomicBoolean stop) throws Exception;
  }

  private final Console console;
  private final Training training;
  private final Supplier<StopSignal> signals;

  @Option(names = "--dry-run", description = "Print the complete configuration and stop.")
  private boolean dryRun;

  @Parameters(
      arity = "0..*",
      paramLabel = "RECIPE|KEY",
      description = "A YAML recipe, and any of the keys below as options; they go over it.")
  private List<String> arguments = new ArrayList<>();

  SftCommand(Console console, Training training, Supplier<StopSignal> signals) {
    this.console = console;
    this.training = training;
    this.signals = signals;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console, Training training) {
    return line(console, training, () -> StopSignal.install(console));
  }

  /**
   * The same for a test, which must not change what signals do to the whole process.
   *
   * @param signals begins to listen
   */
  static CommandLine line(Console console, Training training, Supplier<StopSignal> signals) {
    return KeyOptions.line(console, new SftCommand(console, training, signals));
  }

  @Override
  public Integer call() throws Exception {
    SftRecipe recipe = SftRecipe.read(arguments);
    recipe.notes().forEach(console::note);
    if (dryRun) {
      console.printText(recipe.config().recipe());
      return ExitCode.OK.number();
    }
    StopSignal stop = signals.get();
    ProgressDisplay display = new ProgressDisplay(console);
    RunSummary summary =
        training.run(
            recipe.config(),
            event -> {
              display.on(event);
              if (event instanceof RunEvent.Lost) {
                // A thread may wait in the plugin for the other process, for ever.
                Runtime.getRuntime().halt(ExitCode.DEVICE.number());
              }
            },
            stop.flag());
    ExitCode code =
        switch (summary.outcome()) {
          case DONE -> ExitCode.OK;
          case INTERRUPTED -> stop.code();
          case DIVERGED -> ExitCode.DIVERGED;
        };
    return code.number();
  }
}
