package dev.hlotune.trainer.plan;

import dev.hlotune.configs.ComputeType;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.GradientCheckpointing;
import dev.hlotune.configs.OffloadOptimizer;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.configs.ShardingStrategy;
import dev.hlotune.configs.UpdateRule;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.loop.RecipeProgram;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Says what to change where a run does not fit: first what changes only its speed, then what
 * changes the devices, last what changes what is learned. Each change is compiled on top of those
 * before it, until it fits; what cannot be compiled on the same devices is reckoned by the rules.
 */
final class Advisor {
  private static final String LEAST_ROWS = "1";

  private final SftConfig recipe;
  private final PlanOptions options;
  private final TargetCompiler compiler;
  private final RunObserver observer;
  private final AtomicBoolean stop;
  private final Map<String, String> taken = new LinkedHashMap<>();
  private final List<Remedy> remedies = new ArrayList<>();

  /** What the recipe takes with what was taken. */
  private long last;

  Advisor(
      SftConfig recipe,
      PlanOptions options,
      TargetCompiler compiler,
      RunObserver observer,
      AtomicBoolean stop) {
    this.recipe = recipe;
    this.options = options;
    this.compiler = compiler;
    this.observer = observer;
    this.stop = stop;
  }

  /** A change of the recipe. */
  private record Change(Map<String, String> settings, String effect) {}

  /** What to change, in order, up to where it fits. */
  List<Remedy> remedies(PlannedRecipe planned, List<PlannedProgram> programs) throws IOException {
    last = programs.stream().mapToLong(one -> one.memory().peak()).max().orElse(0);
    for (Change change : ofTheSameDevices(planned.config(), planned.devices())) {
      if (fits()) {
        return remedies;
      }
      compile(change);
    }
    if (!fits()) {
      reckon(planned, programs);
    }
    for (Change change : ofWhatIsLearned(planned.config())) {
      if (fits()) {
        return remedies;
      }
      compile(change);
    }
    return remedies;
  }

  private boolean fits() {
    return remedies.stream().anyMatch(remedy -> remedy.fits() && remedy.compiled());
  }

  /** In the order in which they are written. */
  private static Map<String, String> settings(String... keysAndValues) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return settings;
  }

  private List<Change> ofTheSameDevices(SftConfig config, int devices) {
    List<Change> changes = new ArrayList<>();
    if (config.model().gradientCheckpointing() != GradientCheckpointing.FULL
        || !config.model().scanLayers()) {
      changes.add(
          new Change(
              settings("gradient_checkpointing", "full", "scan_layers", "true"),
              "layers are computed again for the backward pass: about a third more work"));
    }
    int rows = config.batch().trainBatchSize();
    if (rows > 1) {
      changes.add(
          new Change(
              settings(
                  "per_device_train_batch_size",
                  LEAST_ROWS,
                  "gradient_accumulation_steps",
                  String.valueOf(rows * config.batch().gradientAccumulationSteps())),
              "the same update in more micro-batches"));
    }
    Optional<ShardingStrategy> strategy = config.sharding().strategy();
    if (devices > 1
        && strategy.isPresent()
        && List.of(ShardingStrategy.DDP, ShardingStrategy.ZERO1, ShardingStrategy.ZERO2)
            .contains(strategy.get())) {
      changes.add(
          new Change(
              settings("sharding_strategy", "zero3", "mesh.data", "1", "mesh.fsdp", "-1"),
              "weights and state are spread over all devices, and gathered where they are used"));
    }
    if (config.model().dtype() == ComputeType.FLOAT32) {
      changes.add(
          new Change(
              settings("dtype", "bfloat16"),
              "activations, and weights that are not trained, take half; losses differ in the third"
                  + " digit"));
    }
    if (config.optimizer().rule() instanceof UpdateRule.AdamW _) {
      changes.add(
          new Change(
              settings("optim", "adamw_8bit"), "the optimizer's state takes about a quarter"));
    }
    if (config.sharding().offloadOptimizer() == OffloadOptimizer.NONE
        && !(options.target() instanceof Target.Cpu)) {
      changes.add(
          new Change(
              settings("offload_optimizer", "host"),
              "the optimizer's state lies in the host's memory, and passes to the device and back"
                  + " for every update, weight by weight"));
    }
    return changes;
  }

  private static List<Change> ofWhatIsLearned(SftConfig config) {
    List<Change> changes = new ArrayList<>();
    if (config.model().lora().isEmpty()) {
      changes.add(
          new Change(
              settings(
                  "use_peft", "true", "lora_target_modules", "all-linear", "optim", "adamw_torch"),
              "low-rank adapters are trained in place of all weights"));
    }
    int length = config.data().maxLength();
    if (length >= 1024) {
      changes.add(
          new Change(
              settings("max_length", String.valueOf(length / 2)),
              "longer records are cut or left out"));
    }
    return changes;
  }

  /**
   * Compiles the recipe with one more change. What does not go with the recipe, or saves nothing,
   * is passed over.
   */
  private void compile(Change change) throws IOException {
    if (stop.get()) {
      throw new CancellationException("asked to stop");
    }
    Map<String, String> all = new LinkedHashMap<>(taken);
    all.putAll(change.settings());
    PlannedRecipe changed;
    try {
      changed =
          PlannedRecipe.open(
              changed(all),
              options.target(),
              options.devices(),
              options.withData(),
              observer,
              stop);
    } catch (ConfigException doesNotGo) {
      return;
    }
    ProgramPlanner planner = new ProgramPlanner(changed, compiler, options.target().card());
    long peak = 0;
    boolean compiled = true;
    for (RecipeProgram program : changed.all()) {
      if (program.kind() == RecipeProgram.Kind.TRAIN_STEP) {
        PlannedProgram made = planner.plan(program);
        peak = Math.max(peak, made.memory().peak());
        compiled &= made.compiled();
      }
    }
    if (compiled && peak >= last) {
      return;
    }
    last = peak;
    taken.putAll(change.settings());
    remedies.add(
        new Remedy(
            change.settings(),
            change.effect(),
            peak,
            compiled,
            compiled && peak <= compiler.budget()));
  }

  private SftConfig changed(Map<String, String> settings) throws IOException {
    Path file = Files.createTempFile("hlotune-plan", ".yaml");
    try {
      Files.writeString(file, recipe.recipe());
      List<String> arguments = new ArrayList<>(List.of(file.toString()));
      settings.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
      return SftRecipe.readPlanned(arguments).config();
    } finally {
      Files.delete(file);
    }
  }

  /** What other devices would change, by the rules alone. */
  private void reckon(PlannedRecipe planned, List<PlannedProgram> programs) {
    PlannedMemory memory = programs.getFirst().memory();
    boolean spreads =
        planned.devices() == 1
            || planned
                .config()
                .sharding()
                .strategy()
                .filter(ShardingStrategy.ZERO3::equals)
                .isPresent();
    long spread = memory.parameters() + memory.optimizer() + memory.gradients();
    if (spreads && !(options.target() instanceof Target.Cpu)) {
      int more = 2 * planned.devices();
      remedies.add(
          reckoned(
              settings("sharding_strategy", "zero3", "num_devices", String.valueOf(more)),
              "weights, gradients and state of each device halve; so does what it computes",
              last - spread / 2));
    }
  }

  private Remedy reckoned(Map<String, String> settings, String effect, long peak) {
    return new Remedy(settings, effect, peak, false, peak <= compiler.budget());
  }
}
