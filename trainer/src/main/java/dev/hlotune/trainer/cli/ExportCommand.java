package dev.hlotune.trainer.cli;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.MeshConfig;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.configs.ShardingConfig;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.checkpoint.AtomicDirectory;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.export.ExportManifest;
import dev.hlotune.trainer.export.ExportPlan;
import dev.hlotune.trainer.export.ExportSource;
import dev.hlotune.trainer.export.ExportedProgram;
import dev.hlotune.trainer.export.Exporter;
import dev.hlotune.trainer.export.ProgramKind;
import dev.hlotune.trainer.loop.Meshes;
import dev.hlotune.trainer.loop.RecipeStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the programs of a recipe as files. */
@Command(
    name = "export",
    description = {
      "Write the programs of a recipe or a model as StableHLO text, with the weights in safetensors"
          + " and a manifest that names every input and output: for JAX, IREE, any PJRT host, and"
          + " 'hlotune run'.",
      "Takes the keys of 'hlotune sft' as options."
    },
    mixinStandardHelpOptions = true,
    customSynopsis =
        "hlotune export RECIPE.yaml|MODEL [--key value ...] --output FOLDER [--programs LIST]"
            + " [--buckets LIST]")
final class ExportCommand implements Callable<Integer> {
  private static final Pattern BUCKET = Pattern.compile("(\\d{1,9})x(\\d{1,9})");

  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..*",
      paramLabel = "RECIPE|MODEL|KEY",
      description =
          "A YAML recipe; or a model directory, an id of the hub or an adapter; and keys as"
              + " options.")
  private List<String> arguments = new ArrayList<>();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FOLDER",
      description = "Where everything goes: a folder that is empty or not there.")
  private Path output = Path.of("");

  @Option(
      names = "--programs",
      paramLabel = "LIST",
      description =
          "Which of train_step, eval_step, prefill, decode (default: all of a recipe, all but"
              + " train_step of a model).")
  private Optional<String> programs = Optional.empty();

  @Option(
      names = "--buckets",
      paramLabel = "LIST",
      description =
          "Shapes of batches, rows x tokens, such as 1x128,8x512 (default: those of the recipe's"
              + " data). The data is not looked at then.")
  private Optional<String> buckets = Optional.empty();

  @Option(
      names = {"--no-weights", "--no_weights"},
      description = "Only the programs and the manifest; the model's weights need not be there.")
  private boolean withoutWeights;

  @Option(names = "--overwrite", description = "Replace the folder, where it holds another export.")
  private boolean overwrite;

  @Option(
      names = "--symbolic",
      description =
          "One program of each kind for all shapes between the smallest and the largest of the"
              + " buckets; its sizes are known when it runs.")
  private boolean symbolic;

  @Option(
      names = "--portable",
      description = "Not there: tools/export/portable_artifact.py does it, see docs/export.md.")
  private boolean portable;

  private ExportCommand(Console console) {
    this.console = console;
  }

  /** The command as picocli runs it; the keys, which picocli does not know, are left to us. */
  static CommandLine line(Console console) {
    return KeyOptions.line(console, new ExportCommand(console));
  }

  @Override
  public Integer call() throws IOException {
    refusePortable();
    boolean recipe = isRecipe();
    Set<ProgramKind> kinds = kinds(recipe);
    List<Bucket> shapes = shapes();
    SftRecipe read = SftRecipe.readPlanned(keys(recipe, kinds, shapes));
    read.notes().forEach(console::note);
    SftConfig config = read.config();
    if (!shapes.isEmpty()) {
      config = config.with(config.data().withoutTraining());
    } else if (config.data().datasets().isEmpty()) {
      throw ConfigException.of(
          "'buckets': expected shapes such as 1x128, as there is no data that has them, got none");
    }
    // Whatever else is in a folder is not ours to delete.
    boolean another = Files.exists(output.resolve(ExportManifest.NAME));
    if (FolderCheck.isFilled(output) && !(overwrite && another)) {
      throw ConfigException.of(
          "'output': expected a folder that is empty or not there, got '%s'; name another%s"
              .formatted(output, another ? ", or give --overwrite" : ""));
    }
    ExportPlan plan =
        new ExportPlan(
            kinds, shapes, config.schedule().highestRate(), config.machine().seed(), symbolic);
    int devices = devices(config.sharding());
    config = config.on(devices);
    ShardingRules rules = Meshes.rules(config.sharding(), devices);
    LoadingLine line = new LoadingLine(console);
    try (RecipeStart start = RecipeStart.open(config, !withoutWeights, line, new AtomicBoolean())) {
      line.notes().forEach(console::note);
      Meshes.check(config.sharding(), rules, start.programs().tuning().parameters());
      AtomicDirectory.write(output, folder -> write(start, plan, rules, folder));
    } finally {
      console.clear();
    }
    report();
    return ExitCode.OK.number();
  }

  private void refusePortable() {
    if (portable) {
      throw ConfigException.of(
          "'portable': expected StableHLO text, as nothing in Java writes MLIR bytecode; python"
              + " tools/export/portable_artifact.py FOLDER makes the artifacts of an export");
    }
  }

  /** Whether the first argument is no model. */
  private boolean isRecipe() {
    if (arguments.isEmpty()) {
      return true;
    }
    String first = arguments.getFirst();
    return first.startsWith("-") || first.endsWith(".yaml") || first.endsWith(".yml");
  }

  private List<String> keys(boolean recipe, Set<ProgramKind> kinds, List<Bucket> shapes)
      throws IOException {
    List<String> keys =
        new ArrayList<>(recipe ? arguments : ModelArguments.keys(spec.commandLine(), arguments));
    if (!recipe && !kinds.contains(ProgramKind.TRAIN_STEP) && isMissing(keys, "scan[-_]layers")) {
      // With a cache, layers are printed one by one; so weights are best held one by one too.
      keys.addAll(List.of("--scan_layers", "false"));
    }
    if (!shapes.isEmpty() && isMissing(keys, "max[-_](seq[-_])?length")) {
      int longest = shapes.stream().mapToInt(Bucket::length).max().orElseThrow();
      keys.addAll(List.of("--max_length", "" + longest));
    }
    return keys;
  }

  private static boolean isMissing(List<String> keys, String name) {
    return keys.stream().noneMatch(key -> key.matches("--" + name + "(=.*)?"));
  }

  /** How many devices the programs are for: as many as the recipe says, wherever it is exported. */
  private static int devices(ShardingConfig sharding) {
    if (sharding.deviceCount().isPresent()) {
      return sharding.deviceCount().get();
    }
    OptionalInt mesh = sharding.mesh().orElse(MeshConfig.ONE).devices();
    return mesh.orElseThrow(() ->
        ConfigException.of(
            "'mesh': expected the size of every axis or 'num_devices', as an export asks no device, got -1, the rest"));
  }

  private Set<ProgramKind> kinds(boolean recipe) {
    Set<ProgramKind> kinds = new LinkedHashSet<>();
    if (programs.isEmpty()) {
      kinds.addAll(List.of(ProgramKind.values()));
      if (!recipe) {
        kinds.remove(ProgramKind.TRAIN_STEP);
      }
      return kinds;
    }
    for (String name : programs.get().split(",", -1)) {
      kinds.add(
          ProgramKind.named(name.strip())
              .orElseThrow(() ->
                  ConfigException.of(
                      "'programs': expected some of %s, got '%s'"
                          .formatted(ProgramKind.names(), name.strip()))));
    }
    return kinds;
  }

  private List<Bucket> shapes() {
    List<Bucket> shapes = new ArrayList<>();
    if (buckets.isPresent()) {
      for (String text : buckets.get().split(",", -1)) {
        Matcher matcher = BUCKET.matcher(text.strip());
        if (!matcher.matches() || text.strip().matches("0+x.*|.*x0+")) {
          throw ConfigException.of(
              "'buckets': expected rows x tokens such as 1x128,8x512, got '%s'"
                  .formatted(text.strip()));
        }
        Bucket shape =
            new Bucket(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        if (!shapes.contains(shape)) {
          shapes.add(shape);
        }
      }
    }
    return shapes;
  }

  private void write(RecipeStart start, ExportPlan plan, ShardingRules rules, Path folder)
      throws IOException {
    Exporter exporter = new Exporter(folder, rules);
    for (ExportSource source : plan.sources(start.programs(), start.frozen(), rules)) {
      console.draw("writing " + source.name() + " ...");
      exporter.add(source);
    }
    String plugin = "";
    if (!withoutWeights) {
      console.draw("writing the weights ...");
      plugin = start.weights(plan.frozen(), exporter::addWeights);
    }
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("model_type", start.modelType());
    model.put("vocabulary", start.programs().tuning().model().vocabulary());
    model.put("positions", start.programs().tuning().model().maxPositions());
    model.put("weights", withoutWeights ? "none" : start.hasWeights() ? "loaded" : "drawn");
    exporter.finish(plugin, model);
  }

  private void report() throws IOException {
    ExportManifest manifest = ExportManifest.read(output);
    for (ExportedProgram program : manifest.programs()) {
      console.print(
          "%-28s %4d inputs, %4d outputs, %s of text"
              .formatted(
                  program.name(),
                  program.inputs().size(),
                  program.outputs().size(),
                  Amounts.bytes(Files.size(output.resolve(program.file())))));
    }
    for (ExportManifest.WeightFile weights : manifest.weights()) {
      console.print("%-28s %s".formatted(weights.file(), Amounts.bytes(weights.bytes())));
    }
    console.print("%-28s %s".formatted(ExportManifest.NAME, output));
  }
}
