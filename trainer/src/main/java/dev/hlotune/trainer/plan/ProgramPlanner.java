package dev.hlotune.trainer.plan;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Flops;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.pjrt.CompiledMemory;
import dev.hlotune.pjrt.Executable;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.sharding.Placement;
import dev.hlotune.sharding.ProgramPlacement;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.hardware.Card;
import dev.hlotune.trainer.loop.RecipeProgram;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Compiles one program after another and says what each takes. */
final class ProgramPlanner {
  private final PlannedRecipe recipe;
  private final TargetCompiler compiler;
  private final Optional<Card> card;
  private final OptionalDouble peakFlops;
  private final long parameters;
  private final long optimizer;
  private final long hostState;
  private final long gradients;

  /** What a compiler says of a program. */
  private record Compiled(CompiledMemory memory, List<Collective> collectives) {}

  ProgramPlanner(PlannedRecipe recipe, TargetCompiler compiler, Optional<Card> card) {
    this.recipe = recipe;
    this.compiler = compiler;
    this.card = card;
    DType compute = recipe.programs().tuning().compute();
    Optional<Double> said = recipe.config().watch().peakFlops();
    this.peakFlops =
        said.isPresent()
            ? OptionalDouble.of(said.get())
            : card.map(known -> known.peak(compute)).orElse(OptionalDouble.empty());
    ShardingRules rules = recipe.rules();
    this.parameters =
        recipe.programs().tuning().parameters().values().stream()
            .mapToLong(spec -> rules.weight(spec.shape()).shard().bytes())
            .sum();
    long state =
        recipe.programs().trainings().values().stream()
            .mapToLong(training -> stateBytes(training, recipe.rules()))
            .max()
            .orElse(0);
    this.optimizer = recipe.stateOnHost() ? 0 : state;
    this.hostState = recipe.stateOnHost() ? state : 0;
    this.gradients =
        recipe.programs().trainings().values().stream()
            .mapToLong(training ->
                training.tuning().trainedShapes().values().stream()
                    .mapToLong(shape -> rules.gradients().place(shape).shard().bytes())
                    .sum())
            .max()
            .orElse(0);
  }

  private static long stateBytes(Training training, ShardingRules rules) {
    return TrainProgram.state(training).values().stream()
        .mapToLong(shape -> rules.state(shape).shard().bytes())
        .sum();
  }

  /** Compiles a program and looks at it. */
  PlannedProgram plan(RecipeProgram program) {
    long start = System.nanoTime();
    Program graph = program.program();
    String text = recipe.text(program.kind(), graph);
    double emission = (System.nanoTime() - start) / 1e9;
    ProgramPlacement placement = recipe.place(program.kind(), graph);
    long rounds = rounds(program.bucket());
    int devices = recipe.devices();
    TargetCompiler.Attempt<Compiled> attempt =
        compiler.compile(
            text, executable -> new Compiled(executable.memory(), collectives(executable, rounds)));
    Optional<Compiled> compiled = attempt.result();
    boolean takesState = program.trains();
    long arguments = shards(placement.inputs().entries()) - (takesState ? hostState : 0);
    long total =
        compiled.isPresent()
            ? compiled.get().memory().total()
            : arguments + attempt.wanted().orElse(0);
    PlannedMemory memory =
        PlannedMemory.of(
            parameters,
            optimizer,
            takesState ? gradients : 0,
            total,
            takesState,
            Math.max(hostState, compiled.map(made -> made.memory().host()).orElse(0L)));
    double flops = Flops.of(graph, rounds);
    int microBatches = recipe.config().batch().gradientAccumulationSteps();
    int repeated = program.trains() ? microBatches : 1;
    long positions = program.bucket().map(bucket -> (long) repeated * bucket.tokens()).orElse(0L);
    double needed =
        program.trains()
            ? recipe.outline().needed(program.bucket().orElseThrow(), microBatches)
            : flops;
    return new PlannedProgram(
        program.name(),
        program.kind(),
        positions,
        compiled.isPresent(),
        memory,
        flops,
        Math.min(needed, flops),
        compiled.flatMap(made -> time(made, flops, Math.min(needed, flops), devices)),
        compiled.map(Compiled::collectives).orElse(List.of()),
        emission,
        attempt.duration().toNanos() / 1e9,
        attempt.refusal());
  }

  private static long shards(Map<String, Placement> placements) {
    return placements.values().stream().mapToLong(one -> one.shard().bytes()).sum();
  }

  /** Rounds of the loss' loop, if all positions of a device carry loss. */
  private long rounds(Optional<Bucket> bucket) {
    if (bucket.isEmpty()) {
      return 1;
    }
    int parts = recipe.rules().spread().parts();
    return CrossEntropy.rounds(
        bucket.get().tokens() / parts, recipe.programs().tuning().model().vocabulary());
  }

  private List<Collective> collectives(Executable executable, long rounds) {
    if (recipe.devices() == 1) {
      return List.of();
    }
    try {
      return OptimizedProgram.collectives(executable.optimizedProgram(), recipe.devices(), rounds);
    } catch (PjrtException unknown) {
      return List.of();
    }
  }

  private Optional<StepTime> time(Compiled made, double flops, double needed, int devices) {
    if (card.isEmpty() || peakFlops.isEmpty()) {
      return Optional.empty();
    }
    double peak = peakFlops.getAsDouble() * devices;
    CompiledMemory memory = made.memory();
    double moved = memory.argument() + memory.output() + 2.0 * memory.temporary();
    long sent = made.collectives().stream().mapToLong(Collective::sent).sum();
    return Optional.of(
        new StepTime(
            flops / peak,
            moved / card.get().bandwidth(),
            sent / card.get().interconnect(),
            needed / peak));
  }
}
