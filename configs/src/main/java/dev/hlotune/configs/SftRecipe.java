package dev.hlotune.configs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code hlotune sft} was asked for: a recipe, options over it, presets under it.
 *
 * @param config the complete configuration
 * @param file the recipe, if one was named
 * @param notes other spellings that were understood, one line each, and one of what says nothing
 *     here
 */
public record SftRecipe(SftConfig config, Optional<Path> file, List<String> notes) {

  private static final String NANOCHAT = "configs/nanochat-sft.yaml";
  private static final Set<Key<?>> DATA = Set.of(DataKeys.DATASET, DataKeys.DATASETS);

  public SftRecipe {
    notes = List.copyOf(notes);
  }

  /**
   * Reads the arguments after {@code hlotune sft}: at most one YAML recipe, bare or by {@code
   * --config}, and any keys as options, which take precedence over the recipe.
   *
   * @param arguments as the shell gave them
   * @throws ConfigException with every problem of the recipe and the options
   */
  public static SftRecipe read(List<String> arguments) {
    return read(arguments, Path.of(""));
  }

  /** The same for a recipe that is planned and not run, which may name no data. */
  public static SftRecipe readPlanned(List<String> arguments) {
    return read(arguments, Path.of(""), false);
  }

  static SftRecipe read(List<String> arguments, Path workingDirectory) {
    return read(arguments, workingDirectory, true);
  }

  private static SftRecipe read(List<String> arguments, Path workingDirectory, boolean needsData) {
    CommandLineSettings options = CommandLineSettings.parse(SftKeys.TABLE, arguments);
    Optional<String> presumed = presumed(options, workingDirectory);
    Optional<Path> file = options.recipe().or(() -> presumed).map(Path::of);
    if (file.filter(path -> path.toString().endsWith(".py")).isPresent()) {
      throw new ConfigException(
          List.of(
              Problem.at(
                  new Origin.OnCommandLine(file.get().toString()),
                  "recipe: expected a YAML file, got a Python script; give the values of its"
                      + " SFTConfig as options or in a recipe")));
    }
    Optional<RecipeFile> recipe =
        file.map(path ->
            RecipeFile.read(path.toString(), workingDirectory.resolve(path), SftKeys.TABLE));
    List<Problem> problems = new ArrayList<>();
    recipe.ifPresent(read -> problems.addAll(read.problems()));
    problems.addAll(options.problems());
    return resolve(
        workingDirectory,
        file,
        presumed
            .map(path ->
                "no recipe and no data are named beside nanochat's options: "
                    + path
                    + " is taken, its mixture")
            .stream()
            .toList(),
        problems,
        recipe.filter(read -> !read.problems().isEmpty()).isPresent(),
        needsData,
        List.of(recipe.map(RecipeFile::settings).orElse(List.of()), options.settings()));
  }

  /**
   * Turns settings into a configuration.
   *
   * @param file the recipe, beside which its inputs may be
   * @param before notes on how it was found
   * @param formal problems with the form of recipe and options
   * @param unread whether some of them are with the recipe
   * @param needsData whether it must name training data
   * @param own settings, later ones over earlier ones
   */
  static SftRecipe resolve(
      Path workingDirectory,
      Optional<Path> file,
      List<String> before,
      List<Problem> formal,
      boolean unread,
      boolean needsData,
      List<List<RawSetting>> own) {
    Optional<Path> folder =
        file.map(path -> path.getParent() == null ? workingDirectory : path.getParent());
    Optional<AccelerateFile> under = AccelerateFile.named(own, workingDirectory, folder);
    List<List<RawSetting>> layers = under.map(it -> it.under(own)).orElse(own);
    Resolver resolver = new Resolver(SftKeys.TABLE, workingDirectory, folder);
    before.forEach(resolver::addNote);
    resolver.addProblems(formal);
    under.ifPresent(it -> resolver.addProblems(it.problems()));
    for (Peer peer : List.of(Peer.EASYDEL, Peer.TUFT)) {
      if (Siblings.of(layers).getLast().all().keySet().stream()
          .anyMatch(PeerKeys.marks(peer)::contains)) {
        resolver.addNote(
            "options of %s: what is not said has hlotune's default; 'hlotune keys --from %s' shows both"
                .formatted(peer.title(), peer.spelled()));
      }
    }
    resolver.layers(layers);
    DeepSpeedFile.named(layers, workingDirectory, folder)
        .ifPresent(read -> {
          resolver.addProblems(read.problems());
          resolver.agree(read.settings(), DeepSpeedKeys::of);
        });
    if (unread && resolver.settings().values().isEmpty()) {
      // Nothing was read: that its required keys are missing would only hide the one cause.
      throw new ConfigException(resolver.problems());
    }
    @Nullable SftConfig config = build(resolver, needsData);
    if (config == null || !resolver.problems().isEmpty()) {
      throw new ConfigException(resolver.problems());
    }
    return new SftRecipe(config, file, resolver.notes());
  }

  /** nanochat's options name a model but no data, which its script knows. */
  private static Optional<String> presumed(CommandLineSettings options, Path workingDirectory) {
    Siblings named = Siblings.of(List.of(options.settings())).getFirst();
    boolean data =
        options.settings().stream()
            .flatMap(setting -> SftKeys.TABLE.find(setting.name()).stream())
            .anyMatch(match -> DATA.contains(match.key()));
    return options.recipe().isEmpty()
            && !data
            && named.hasAny(NanochatOthers.MARKS)
            && Files.exists(workingDirectory.resolve(NANOCHAT))
        ? Optional.of(NANOCHAT)
        : Optional.empty();
  }

  private static @Nullable SftConfig build(Resolver resolver, boolean needsData) {
    Settings settings = resolver.settings();
    @Nullable ModelConfig model = attempt(resolver, () -> ModelConfig.of(settings));
    @Nullable DataConfig data = attempt(resolver, () -> DataConfig.of(settings, needsData));
    @Nullable ShardingConfig sharding = attempt(resolver, () -> ShardingConfig.of(settings));
    OptionalInt shares = sharding == null ? OptionalInt.empty() : sharding.dataParallel();
    @Nullable BatchConfig batch = attempt(resolver, () -> BatchConfig.of(settings, shares));
    @Nullable OptimizerConfig optimizer = attempt(resolver, () -> OptimizerConfig.of(settings));
    @Nullable ScheduleConfig schedule = attempt(resolver, () -> ScheduleConfig.of(settings));
    @Nullable EvaluationConfig evaluation = attempt(resolver, () -> EvaluationConfig.of(settings));
    @Nullable CheckpointConfig checkpoints = attempt(resolver, () -> CheckpointConfig.of(settings));
    @Nullable OutputConfig output = attempt(resolver, () -> OutputConfig.of(settings));
    @Nullable MachineConfig machine = attempt(resolver, () -> MachineConfig.of(settings));
    @Nullable WatchConfig watch = attempt(resolver, () -> WatchConfig.of(settings));
    if (model == null
        || data == null
        || batch == null
        || optimizer == null
        || schedule == null
        || evaluation == null
        || checkpoints == null
        || output == null
        || sharding == null
        || machine == null
        || watch == null) {
      return null;
    }
    return attempt(
        resolver,
        () ->
            new SftConfig(
                model,
                data,
                batch,
                optimizer,
                schedule,
                evaluation,
                checkpoints,
                output,
                sharding,
                machine,
                watch));
  }

  private static <T> @Nullable T attempt(Resolver resolver, Supplier<T> record) {
    try {
      return record.get();
    } catch (ConfigException e) {
      resolver.addProblemsOf(e);
      return null;
    }
  }
}
