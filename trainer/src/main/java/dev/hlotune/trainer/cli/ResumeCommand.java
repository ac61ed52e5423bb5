package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.verify.ResumeReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares a run that was interrupted with one that was not. */
@Command(
    name = "resume",
    description = {
      "Run the first updates of a recipe twice, once with a checkpoint and a new start between"
          + " them, and compare every figure, the weights and the optimizer's state bit by bit."
          + " Takes the recipe and the keys of 'hlotune sft'; its output directory is left alone.",
      "Exit code 7 means that something is not the same."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune verify resume [RECIPE.yaml] [--key value ...] [--steps N] [--at N] [--json]"
            + " [--verbose]")
final class ResumeCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SHOWN = 8;

  /** What compares: the seam at which a test puts itself. */
  @FunctionalInterface
  interface Verification {
    ResumeReport run(SftConfig config, int steps, int at, RunObserver observer, AtomicBoolean stop)
        throws Exception;
  }

  private final Console console;
  private final Verification verification;

  @Spec private CommandSpec spec;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Updates to compare. The default is ${DEFAULT-VALUE}.")
  private int steps = 20;

  @Option(
      names = "--at",
      paramLabel = "N",
      description = "After which of them one run is interrupted; without it, in the middle.")
  private Optional<Integer> at = Optional.empty();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "RECIPE|KEY",
      description = "A YAML recipe, and any of the keys below as options; they go over it.")
  private List<String> arguments = new ArrayList<>();

  private ResumeCommand(Console console, Verification verification) {
    this.console = console;
    this.verification = verification;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console, Verification verification) {
    return KeyOptions.line(console, new ResumeCommand(console, verification));
  }

  @Override
  public Integer call() throws Exception {
    int interrupted = at.orElse(steps / 2);
    if (steps < 2 || interrupted < 1 || interrupted >= steps) {
      throw new ParameterException(
          spec.commandLine(),
          "--at: expected an update before the last of '--steps', got %d of %d"
              .formatted(interrupted, steps));
    }
    SftRecipe recipe = SftRecipe.read(arguments);
    recipe.notes().forEach(console::note);
    ResumeReport report =
        verification.run(
            recipe.config(),
            steps,
            interrupted,
            KeyOptions.observer(console, json),
            new AtomicBoolean());
    if (json) {
      console.printText(JSON.writeValueAsString(fields(report)) + "\n");
    } else {
      lines(report).forEach(console::print);
    }
    return (report.agrees() ? ExitCode.OK : ExitCode.DIFFERENT).number();
  }

  private static List<String> lines(ResumeReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d updates, and %d with a new start after %d; an epoch has %,d"
            .formatted(report.steps(), report.steps(), report.at(), report.stepsPerEpoch()));
    lines.add(
        report.differences().isEmpty()
            ? "figures: the same in all %d lines".formatted(report.lines())
            : "figures: %d are not the same".formatted(report.differences().size()));
    report.differences().stream()
        .limit(SHOWN)
        .forEach(one ->
            lines.add(
                "  step %d, %s: %s, resumed %s"
                    .formatted(one.step(), one.key(), one.uninterrupted(), one.resumed())));
    lines.add(
        report.otherFiles().isEmpty()
            ? "weights and optimizer state: the same, byte for byte (%s)"
                .formatted(String.join(", ", report.files()))
            : "weights and optimizer state: not the same in "
                + String.join(", ", report.otherFiles()));
    return lines;
  }

  private static Map<String, Object> fields(ResumeReport report) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("agrees", report.agrees());
    fields.put("steps", report.steps());
    fields.put("at", report.at());
    fields.put("steps_per_epoch", report.stepsPerEpoch());
    fields.put("lines", report.lines());
    fields.put(
        "differences",
        report.differences().stream()
            .map(one -> {
              Map<String, Object> difference = new LinkedHashMap<>();
              difference.put("step", one.step());
              difference.put("key", one.key());
              difference.put("uninterrupted", one.uninterrupted());
              difference.put("resumed", one.resumed());
              return difference;
            })
            .toList());
    fields.put("files", report.files());
    fields.put("other_files", report.otherFiles());
    return fields;
  }
}
