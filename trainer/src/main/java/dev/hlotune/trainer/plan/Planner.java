package dev.hlotune.trainer.plan;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.ShardingStrategy;
import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.hardware.Card;
import dev.hlotune.trainer.loop.RecipeProgram;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Plans a recipe: compiles all its programs for devices that need not be there, and says what they
 * take, how long they last at least, whether they fit, and what to do about it.
 */
public final class Planner {
  private final PlanOptions options;
  private final RunObserver observer;
  private final AtomicBoolean stop;

  private Planner(PlanOptions options, RunObserver observer, AtomicBoolean stop) {
    this.options = options;
    this.observer = observer;
    this.stop = stop;
  }

  /**
   * Plans a recipe.
   *
   * @param observer hears how it goes
   * @param stop set by another thread to give up
   * @throws dev.hlotune.configs.ConfigException if recipe, target and devices do not fit together
   * @throws dev.hlotune.pjrt.PjrtException if the compiler cannot be had, or fails
   * @throws IOException if a file cannot be read or written
   * @throws CancellationException if asked to stop meanwhile
   */
  public static Plan plan(
      SftConfig recipe, PlanOptions options, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    return plan(recipe, options, OptionalLong.empty(), observer, stop);
  }

  /**
   * The same on devices with another memory: a seam, so that a test can have little.
   *
   * @param budget bytes of each device
   */
  static Plan plan(
      SftConfig recipe,
      PlanOptions options,
      OptionalLong budget,
      RunObserver observer,
      AtomicBoolean stop)
      throws IOException {
    return new Planner(options, observer, stop).plan(recipe, budget);
  }

  private Plan plan(SftConfig config, OptionalLong budget) throws IOException {
    PlannedRecipe recipe =
        PlannedRecipe.open(
            config, options.target(), options.devices(), options.withData(), observer, stop);
    Optional<Card> card = options.target().card();
    try (TargetCompiler opened =
        TargetCompiler.open(options.target(), recipe.devices(), config, observer, stop)) {
      TargetCompiler compiler = budget.isPresent() ? opened.withBudget(budget.getAsLong()) : opened;
      List<PlannedProgram> programs = programs(recipe, compiler, card);
      long peak = programs.stream().mapToLong(one -> one.memory().peak()).max().orElse(0);
      boolean fits =
          programs.stream().allMatch(PlannedProgram::compiled) && peak <= compiler.budget();
      Optional<MicroBatch> largest =
          options.searches() ? largest(recipe, compiler, programs) : Optional.empty();
      List<Remedy> remedies =
          !fits && options.advises()
              ? new Advisor(config, options, compiler, observer, stop).remedies(recipe, programs)
              : List.of();
      Map<String, Integer> mesh = new LinkedHashMap<>();
      for (Axis axis : recipe.rules().mesh().axes()) {
        mesh.put(axis.name(), axis.size());
      }
      return new Plan(
          options.target().spelled(),
          card.map(Card::name).orElse("this machine's processor"),
          recipe.devices(),
          mesh,
          recipe.config().sharding().strategy().map(ShardingStrategy::spelled).orElse(""),
          compiler.memory(),
          compiler.budget(),
          options.target().plugin().project() + " " + options.target().plugin().version(),
          recipe.outline().weights(),
          recipe.outline().trained(),
          programs,
          largest,
          remedies,
          notes(recipe, card, programs));
    }
  }

  private List<PlannedProgram> programs(
      PlannedRecipe recipe, TargetCompiler compiler, Optional<Card> card) {
    ProgramPlanner planner = new ProgramPlanner(recipe, compiler, card);
    List<RecipeProgram> all = recipe.all();
    List<PlannedProgram> programs = new ArrayList<>();
    for (RecipeProgram program : all) {
      check();
      observer.on(new RunEvent.Progressed("compiling", programs.size(), all.size()));
      programs.add(planner.plan(program));
    }
    observer.on(new RunEvent.Progressed("compiling", programs.size(), all.size()));
    return programs;
  }

  private Optional<MicroBatch> largest(
      PlannedRecipe recipe, TargetCompiler compiler, List<PlannedProgram> planned) {
    List<RecipeProgram> all = recipe.all();
    int worst = -1;
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).trains()
          && (worst < 0 || planned.get(i).memory().peak() > planned.get(worst).memory().peak())) {
        worst = i;
      }
    }
    Bucket bucket = all.get(worst).bucket().orElseThrow();
    Training training = recipe.programs().trainings().lastEntry().getValue();
    int rows = recipe.config().batch().trainBatchSize();
    return MicroBatchSearch.search(
        compiler.budget(),
        rows,
        planned.get(worst),
        perDevice -> {
          check();
          observer.on(new RunEvent.Progressed("searching the largest micro-batch", 0, 0));
          long scaled = (long) bucket.rows() * perDevice / rows;
          if (scaled < 1 || scaled * bucket.length() > Integer.MAX_VALUE) {
            return Optional.empty();
          }
          try {
            Program program = TrainProgram.of(training, new Bucket((int) scaled, bucket.length()));
            return Optional.of(
                compiler.compile(
                    recipe.text(RecipeProgram.Kind.TRAIN_STEP, program),
                    executable -> executable.memory().total()));
          } catch (ShapeException tooLarge) {
            // Some operations have bounds of their own, such as random bits.
            return Optional.of(
                new TargetCompiler.Attempt<>(
                    Duration.ZERO,
                    Optional.empty(),
                    OptionalLong.empty(),
                    Optional.ofNullable(tooLarge.getMessage())));
          }
        });
  }

  private void check() {
    if (stop.get()) {
      throw new CancellationException("asked to stop");
    }
  }

  private static List<String> notes(
      PlannedRecipe recipe, Optional<Card> card, List<PlannedProgram> programs) {
    List<String> notes = new ArrayList<>();
    if (recipe.config().data().datasets().isEmpty()) {
      notes.add(
          "one shape, of 'per_device_train_batch_size' and 'max_length': the data was not looked at");
    }
    notes.add(
        "operations are those of matrix products, counted in the program as if every position"
            + " carried loss");
    if (programs.stream().anyMatch(program -> program.time().isPresent())) {
      notes.add(
          "times are a roofline by the vendor's figures, not a measurement: products, memory and"
              + " links each at their peak, all at once or one after another");
    } else if (card.isEmpty()) {
      notes.add("no times: nobody says what this processor can do; 'peak_flops_per_device' would");
    }
    if (recipe.stateOnHost()) {
      notes.add(
          "the optimizer's state lies in the memory of the host; that it passes from there to the"
              + " device and back in every step is not in the times");
    }
    if (programs.stream().anyMatch(program -> !program.compiled())) {
      notes.add(
          "what the compiler refused is shown with the memory that it says it would have needed");
    }
    return notes;
  }
}
