package dev.hlotune.trainer.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.plan.Plan;
import dev.hlotune.trainer.plan.PlanOptions;
import dev.hlotune.trainer.plan.Planner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a recipe takes on devices that need not be there. */
@Command(
    name = "plan",
    description = {
      "Compile a recipe for devices that need not be here, and say what it takes there: memory,"
          + " work, time at least, the largest micro-batch, and what to change if it does not fit."
          + " Takes the recipe and the keys of 'hlotune sft'; of the model its config.json is enough.",
      "Exit code 8 means that it does not fit."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune plan [RECIPE.yaml] [--key value ...] --target TARGET [--devices N]"
            + " [--without-data] [--no-search] [--no-advice] [--json] [--verbose]")
final class PlanCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();

  /** What plans: the seam at which a test puts itself. */
  @FunctionalInterface
  interface Planning {
    Plan plan(SftConfig config, PlanOptions options, RunObserver observer, AtomicBoolean stop)
        throws Exception;
  }

  private final Console console;
  private final Planning planning;

  @Option(
      names = "--target",
      required = true,
      paramLabel = "TARGET",
      description =
          "The devices: cpu, cuda:h100, cuda:h200, cuda:a100-80g, cuda:b200, tpu:v4:2x2x1,"
              + " tpu:v5e:4x4, tpu:v6e:4x4 …")
  private String target = "";

  @Option(
      names = "--devices",
      paramLabel = "N",
      description = "How many GPUs, or parts of the processor. Without it, what the mesh says.")
  private Optional<Integer> devices = Optional.empty();

  @Option(
      names = {"--without-data", "--without_data"},
      description =
          "Do not look at the data: one shape, of per_device_train_batch_size and max_length.")
  private boolean withoutData;

  @Option(
      names = {"--no-search", "--no_search"},
      description = "Do not search the largest micro-batch that fits, which compiles a few more.")
  private boolean noSearch;

  @Option(
      names = {"--no-advice", "--no_advice"},
      description = "Do not try what to change where it does not fit.")
  private boolean noAdvice;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "RECIPE|KEY",
      description = "A YAML recipe, and any of the keys below as options; they go over it.")
  private List<String> arguments = new ArrayList<>();

  private PlanCommand(Console console, Planning planning) {
    this.console = console;
    this.planning = planning;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console) {
    return line(console, Planner::plan);
  }

  /** The same for a test. */
  static CommandLine line(Console console, Planning planning) {
    return KeyOptions.line(console, new PlanCommand(console, planning));
  }

  @Override
  public Integer call() throws Exception {
    Target wanted = Target.of(target);
    SftRecipe recipe = SftRecipe.readPlanned(arguments);
    recipe.notes().forEach(console::note);
    LoadingLine loading = new LoadingLine(console);
    Plan plan =
        planning.plan(
            recipe.config(),
            new PlanOptions(wanted, devices, !withoutData, !noSearch, !noAdvice),
            loading,
            new AtomicBoolean());
    console.clear();
    loading.notes().forEach(console::note);
    if (json) {
      console.printText(JSON.writeValueAsString(PlanJson.fields(plan)) + "\n");
    } else {
      console.printText(PlanText.of(plan, console.width()));
    }
    return (plan.fits() ? ExitCode.OK : ExitCode.DOES_NOT_FIT).number();
  }
}
