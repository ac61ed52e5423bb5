package dev.hlotune.trainer.plan;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.MeshConfig;
import dev.hlotune.configs.OffloadOptimizer;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.ShardingConfig;
import dev.hlotune.configs.ShardingStrategy;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.sharding.ProgramPlacement;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.loop.Meshes;
import dev.hlotune.trainer.loop.RecipeOutline;
import dev.hlotune.trainer.loop.RecipeProgram;
import dev.hlotune.trainer.loop.RecipePrograms;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A recipe on a number of devices, with the rules by which it is spread over them: what a plan
 * looks at, and what is compiled ahead.
 *
 * @param config the recipe on these devices
 * @param rules of its mesh
 * @param outline what a run of it would do
 */
public record PlannedRecipe(SftConfig config, ShardingRules rules, RecipeOutline outline) {

  /**
   * Opens a recipe.
   *
   * @param devices how many, if that is asked for
   * @param withData whether its data says which shapes there are
   * @throws ConfigException if recipe, target and number of devices do not fit together
   */
  public static PlannedRecipe open(
      SftConfig recipe,
      Target target,
      Optional<Integer> devices,
      boolean withData,
      RunObserver observer,
      AtomicBoolean stop)
      throws IOException {
    if (target instanceof Target.Cpu) {
      Meshes.checkProcessor(recipe.sharding());
    }
    int count = target.count(devices, wanted(recipe.sharding()));
    SftConfig config = spread(recipe, count, observer).on(count);
    if (!withData) {
      config = config.with(config.data().withoutTraining());
    }
    ShardingRules rules = Meshes.rules(config.sharding(), count);
    RecipeOutline outline = RecipeOutline.open(config, rules, observer, stop);
    Meshes.check(config.sharding(), rules, outline.programs().tuning().parameters());
    return new PlannedRecipe(config, rules, outline);
  }

  private static OptionalInt wanted(ShardingConfig sharding) {
    return sharding.deviceCount().isPresent()
        ? OptionalInt.of(sharding.deviceCount().get())
        : sharding.mesh().map(MeshConfig::devices).orElse(OptionalInt.empty());
  }

  /** Several devices of which the recipe says nothing are taken as most would take them. */
  private static SftConfig spread(SftConfig recipe, int count, RunObserver observer) {
    ShardingConfig said = recipe.sharding();
    if (count == 1 || said.mesh().isPresent()) {
      return recipe;
    }
    observer.on(
        new RunEvent.Noted(
            "the recipe names no mesh: it is planned as with 'sharding_strategy: fsdp', weights and"
                + " state spread over all "
                + count
                + " devices"));
    return recipe.with(
        new ShardingConfig(
            Optional.of(new MeshConfig(1, MeshConfig.REST, 1, 1)),
            Optional.of(ShardingStrategy.ZERO3),
            said.parameterAxisRules(),
            said.computeAxisRules(),
            said.deviceCount(),
            said.cpuDeviceCount(),
            said.offloadOptimizer(),
            said.processes()));
  }

  /** The programs. */
  public RecipePrograms programs() {
    return outline.programs();
  }

  /** The number of devices. */
  public int devices() {
    return rules.mesh().deviceCount();
  }

  /** Where what a program takes and gives lies. */
  public ProgramPlacement place(RecipeProgram.Kind kind, Program program) {
    Set<String> weights = programs().weightNames();
    return switch (kind) {
      case TRAIN_STEP, EVALUATION -> rules.place(program, weights);
      case PREFILL, DECODE -> rules.placeWhole(program, weights);
    };
  }

  /** A program's text, as a run would have it compiled. */
  public String text(RecipeProgram.Kind kind, Program program) {
    return Emitter.emit(
        program,
        place(kind, program).partitioning(),
        stateOnHost() ? ShardingRules.stateNames(program) : Set.of());
  }

  /** Whether the optimizer's state lies in the host's memory between updates. */
  public boolean stateOnHost() {
    return config.sharding().offloadOptimizer() == OffloadOptimizer.HOST;
  }

  /** The programs of another recipe with the settings of this one but some. */
  List<RecipeProgram> all() {
    return programs().all();
  }
}
