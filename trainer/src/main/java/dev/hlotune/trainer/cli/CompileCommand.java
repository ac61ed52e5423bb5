package dev.hlotune.trainer.cli;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.plan.AheadCompiler;
import dev.hlotune.trainer.plan.PlanOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compiles a recipe's programs before they run, here or for another machine. */
@Command(
    name = "compile",
    description =
        "Compile all programs of a recipe before it runs: into this machine's cache, or into an"
            + " archive for a machine with other devices, which then compiles nothing. Takes the"
            + " recipe and the keys of 'hlotune sft'; of the model its config.json is enough.",
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune compile [RECIPE.yaml] [--key value ...] --target TARGET [--devices N]"
            + " [--output FILE] [--without-data] [--verbose]")
final class CompileCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "TARGET",
      description = "The devices, as 'hlotune plan' takes them.")
  private String target = "";

  @Option(
      names = "--devices",
      paramLabel = "N",
      description = "How many GPUs, or parts of the processor. Without it, what the mesh says.")
  private Optional<Integer> devices = Optional.empty();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "The archive, for 'compiled_archive' or 'hlotune cache import'. Without it, they go into"
              + " the cache, where the target is this machine's processor.")
  private Optional<Path> output = Optional.empty();

  @Option(
      names = {"--without-data", "--without_data"},
      description =
          "Do not look at the data: one shape, of per_device_train_batch_size and max_length.")
  private boolean withoutData;

  @Parameters(
      arity = "0..*",
      paramLabel = "RECIPE|KEY",
      description = "A YAML recipe, and any of the keys below as options; they go over it.")
  private List<String> arguments = new ArrayList<>();

  private CompileCommand(Console console) {
    this.console = console;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console) {
    return KeyOptions.line(console, new CompileCommand(console));
  }

  @Override
  public Integer call() throws IOException {
    Target wanted = Target.of(target);
    SftRecipe recipe = SftRecipe.readPlanned(arguments);
    recipe.notes().forEach(console::note);
    LoadingLine loading = new LoadingLine(console);
    AheadCompiler.Compilation done =
        AheadCompiler.compile(
            recipe.config(),
            new PlanOptions(wanted, devices, !withoutData, false, false),
            output,
            loading,
            new AtomicBoolean());
    console.clear();
    loading.notes().forEach(console::note);
    if (output.isPresent()) {
      console.print(
          "wrote %s: %s for %s, %s"
              .formatted(
                  output.get(),
                  Amounts.counted(done.programs(), "program"),
                  wanted.spelled(),
                  Amounts.bytes(Files.size(output.get()))));
    } else {
      console.print(
          "%s in the cache, %s of them compiled now"
              .formatted(Amounts.counted(done.programs(), "program"), Amounts.count(done.made())));
    }
    return ExitCode.OK.number();
  }
}
