package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.verify.PackingReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares packed with unpacked rows. */
@Command(
    name = "packing",
    description = {
      "Compare loss and gradient of examples packed into shared rows with those of each example"
          + " alone. Takes the recipe and the keys of 'hlotune sft', trains nothing, and packs"
          + " whether or not the recipe does.",
      "Exit code 7 means that a difference is larger than rounding explains."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune verify packing [RECIPE.yaml] [--key value ...] [--examples N] [--json]"
            + " [--verbose]")
final class PackingCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  /** What compares: the seam at which a test puts itself. */
  @FunctionalInterface
  interface Verification {
    PackingReport run(SftConfig config, int examples, RunObserver observer, AtomicBoolean stop)
        throws Exception;
  }

  private final Console console;
  private final Verification verification;

  @Spec private CommandSpec spec;

  @Option(
      names = "--examples",
      paramLabel = "N",
      description =
          "How many to compare: the longest, one of each bucket, and others of all lengths. The"
              + " default is ${DEFAULT-VALUE}.")
  private int examples = 16;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "RECIPE|KEY",
      description = "A YAML recipe, and any of the keys below as options; they go over it.")
  private List<String> arguments = new ArrayList<>();

  private PackingCommand(Console console, Verification verification) {
    this.console = console;
    this.verification = verification;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console, Verification verification) {
    return KeyOptions.line(console, new PackingCommand(console, verification));
  }

  @Override
  public Integer call() throws Exception {
    if (examples < 1) {
      throw new ParameterException(
          spec.commandLine(), "--examples: expected at least 1, got " + examples);
    }
    SftRecipe recipe = SftRecipe.read(arguments);
    recipe.notes().forEach(console::note);
    PackingReport report =
        verification.run(
            recipe.config(), examples, KeyOptions.observer(console, json), new AtomicBoolean());
    if (json) {
      console.printText(JSON.writeValueAsString(PackingText.fields(report)) + "\n");
    } else {
      PackingText.lines(report).forEach(console::print);
    }
    return (report.agrees() ? ExitCode.OK : ExitCode.DIFFERENT).number();
  }
}
