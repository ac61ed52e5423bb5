package dev.hlotune.trainer.export;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.KeyValues;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.generate.ServingPrograms;
import dev.hlotune.trainer.loop.RecipePrograms;
import dev.hlotune.trainer.step.LogProbsProgram;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Which programs of a recipe are exported, and in which shapes.
 *
 * @param kinds what is wanted
 * @param buckets the shapes wanted; empty for those of the recipe
 * @param rate what is suggested as the learning rate
 * @param seed of random bits
 * @param symbolic whether each program is one for all shapes between the smallest and the largest
 */
public record ExportPlan(
    Set<ProgramKind> kinds, List<Bucket> buckets, double rate, long seed, boolean symbolic) {
  private static final double WORDS = 0x1p32;
  private static final String LENGTH = "seq";

  /** Keeps its own copies. */
  public ExportPlan {
    kinds = new LinkedHashSet<>(kinds);
    buckets = List.copyOf(buckets);
  }

  /** Whether nothing is trained, so that weights are those that the model computes with. */
  public boolean frozen() {
    return !kinds.contains(ProgramKind.TRAIN_STEP);
  }

  /**
   * The programs.
   *
   * @param recipe what a run compiles
   * @param frozen the model where nothing is trained
   * @param rules where arrays lie
   * @throws ConfigException if the model has no room for an answer, or a program that is to be for
   *     all shapes is another for some
   */
  public List<ExportSource> sources(RecipePrograms recipe, Tuning frozen, ShardingRules rules) {
    if (symbolic && rules.mesh().deviceCount() > 1) {
      throw ConfigException.of(
          "'symbolic': expected one device, got a mesh of %d: how much each device has of an axis is a number of the program; name each shape in --buckets"
              .formatted(rules.mesh().deviceCount()));
    }
    Tuning tuning = sized((frozen() ? frozen : recipe.tuning()).on(rules.spread()));
    Set<String> weights = new LinkedHashSet<>(tuning.parameters().names());
    List<ExportSource> sources = new ArrayList<>();
    List<ExportShape> trained = shapes(buckets.isEmpty() ? recipe.buckets() : buckets);
    List<ExportShape> measured = shapes(buckets.isEmpty() ? measured(recipe) : buckets);
    if (kinds.contains(ProgramKind.TRAIN_STEP)) {
      recipe
          .trainings()
          .forEach((start, training) -> {
            Training placed = on(training, rules);
            for (ExportShape shape : trained) {
              sources.add(
                  new ExportSource(
                      "train_step" + shape.suffix() + (start == 0 ? "" : "_from_" + start),
                      ProgramKind.TRAIN_STEP,
                      shape.graph(LENGTH, bucket -> TrainProgram.of(placed, bucket)),
                      training.microBatches(),
                      weights,
                      fills(training)));
            }
          });
    }
    if (kinds.contains(ProgramKind.EVAL_STEP)) {
      for (ExportShape shape : measured) {
        sources.add(
            plain(
                "eval_step" + shape.suffix(),
                ProgramKind.EVAL_STEP,
                shape.graph(LENGTH, bucket -> LogProbsProgram.of(tuning, bucket)),
                weights));
      }
    }
    if (kinds.contains(ProgramKind.PREFILL) || kinds.contains(ProgramKind.DECODE)) {
      sources.addAll(serving(tuning, measured, recipe.maxNewTokens(), weights));
    }
    return sources;
  }

  private Tuning sized(Tuning tuning) {
    return symbolic ? tuning.ofAnySize() : tuning;
  }

  /** Shapes that nothing is trained in; one program is for those of training too. */
  private List<Bucket> measured(RecipePrograms recipe) {
    if (recipe.heldOut().isEmpty()) {
      return recipe.buckets();
    }
    return symbolic
        ? Stream.concat(recipe.buckets().stream(), recipe.heldOut().stream()).toList()
        : recipe.heldOut();
  }

  private List<ExportShape> shapes(List<Bucket> of) {
    return symbolic
        ? List.of(ExportShape.Ranged.over(of))
        : of.stream().<ExportShape>map(ExportShape.Fixed::new).toList();
  }

  private Training on(Training training, ShardingRules rules) {
    return new Training(
        sized(training.tuning().on(rules.spread())),
        training.optimizer(),
        training.microBatches(),
        training.regularization(),
        training.guarded());
  }

  private Map<String, Fill> fills(Training training) {
    Map<String, Fill> fills = new LinkedHashMap<>();
    fills.put("learning_rate", new Fill.Caller(Optional.of(rate)));
    // A word of 32 bits, without a sign.
    fills.put("random.seed", new Fill.Value(seed & ((long) WORDS - 1)));
    fills.put("random.step", new Fill.Step());
    training.regularization().amounts().stream()
        .forEach(amount -> fills.put(amount.getKey(), new Fill.Value(amount.getValue())));
    return fills;
  }

  private List<ExportSource> serving(
      Tuning tuning, List<ExportShape> shapes, int maxNewTokens, Set<String> weights) {
    CausalModel model = tuning.model();
    int longest = model.maxPositions() - maxNewTokens;
    if (longest < 1) {
      throw ConfigException.of(
          "'max_new_tokens': expected fewer than the model's %d positions, got %d"
              .formatted(model.maxPositions(), maxNewTokens));
    }
    Map<String, ExportSource> sources = new LinkedHashMap<>();
    for (ExportShape shape : shapes) {
      ExportShape prompts = shape.atMost(longest);
      ExportShape slots = prompts.longer(maxNewTokens);
      // Prefill and decode of a shape are made together.
      Map<Bucket, ServingPrograms> made = new HashMap<>();
      Function<Bucket, ServingPrograms> programs =
          room ->
              made.computeIfAbsent(
                  room,
                  _ ->
                      ServingPrograms.of(
                          tuning, room.rows(), room.length() - maxNewTokens, room.length()));
      OptionalInt turn = programs.apply(slots.most()).turn();
      if (turn.isPresent() && turn.getAsInt() < slots.most().length()) {
        throw ConfigException.of(
            "'buckets': expected prompts and answers of at most %d tokens, where this model turns to other angles and its cache is of no use, got %s with 'max_new_tokens' %d"
                .formatted(turn.getAsInt(), shape.most(), maxNewTokens));
      }
      if (kinds.contains(ProgramKind.PREFILL)) {
        String name = "prefill" + prompts.suffix();
        ExportGraph graph =
            prompts.graph(
                LENGTH,
                bucket ->
                    programs
                        .apply(new Bucket(bucket.rows(), bucket.length() + maxNewTokens))
                        .prefill());
        sources.put(name, plain(name, ProgramKind.PREFILL, graph, weights));
      }
      if (kinds.contains(ProgramKind.DECODE)) {
        String name = "decode" + slots.suffix();
        ExportGraph graph = slots.graph(KeyValues.SLOT, bucket -> programs.apply(bucket).decode());
        sources.put(name, plain(name, ProgramKind.DECODE, graph, weights));
      }
    }
    return new ArrayList<>(sources.values());
  }

  private static ExportSource plain(
      String name, ProgramKind kind, ExportGraph graph, Set<String> weights) {
    return new ExportSource(name, kind, graph, 1, weights, Map.of());
  }
}
