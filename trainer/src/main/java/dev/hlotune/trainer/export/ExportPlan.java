package dev.hlotune.trainer.export;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.sharding.ShardingRules;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.generate.ServingPrograms;
import dev.hlotune.trainer.loop.RecipePrograms;
import dev.hlotune.trainer.step.LogProbsProgram;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which programs of a recipe are exported, and in which shapes.
 *
 * @param kinds what is wanted
 * @param buckets the shapes wanted; empty for those of the recipe
 * @param rate what is suggested as the learning rate
 * @param seed of random bits
 */
public record ExportPlan(Set<ProgramKind> kinds, List<Bucket> buckets, double rate, long seed) {
  private static final double WORDS = 0x1p32;

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
   * @throws ConfigException if the model has no room for an answer
   */
  public List<ExportSource> sources(RecipePrograms recipe, Tuning frozen, ShardingRules rules) {
    Tuning tuning = (frozen() ? frozen : recipe.tuning()).on(rules.spread());
    Set<String> weights = new LinkedHashSet<>(tuning.parameters().names());
    List<ExportSource> sources = new ArrayList<>();
    List<Bucket> trained = buckets.isEmpty() ? recipe.buckets() : buckets;
    List<Bucket> measured =
        buckets.isEmpty() && !recipe.heldOut().isEmpty() ? recipe.heldOut() : trained;
    if (kinds.contains(ProgramKind.TRAIN_STEP)) {
      recipe
          .trainings()
          .forEach((start, training) -> {
            for (Bucket bucket : trained) {
              sources.add(
                  new ExportSource(
                      "train_step_" + bucket + (start == 0 ? "" : "_from_" + start),
                      ProgramKind.TRAIN_STEP,
                      TrainProgram.of(on(training, rules), bucket),
                      bucket,
                      training.microBatches(),
                      weights,
                      fills(training)));
            }
          });
    }
    if (kinds.contains(ProgramKind.EVAL_STEP)) {
      for (Bucket bucket : measured) {
        sources.add(
            plain(
                "eval_step_" + bucket,
                ProgramKind.EVAL_STEP,
                LogProbsProgram.of(tuning, bucket),
                bucket,
                weights));
      }
    }
    if (kinds.contains(ProgramKind.PREFILL) || kinds.contains(ProgramKind.DECODE)) {
      sources.addAll(serving(tuning, measured, recipe.maxNewTokens(), weights));
    }
    return sources;
  }

  private static Training on(Training training, ShardingRules rules) {
    return new Training(
        training.tuning().on(rules.spread()),
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
      Tuning tuning, List<Bucket> shapes, int maxNewTokens, Set<String> weights) {
    CausalModel model = tuning.model();
    Map<String, ExportSource> sources = new LinkedHashMap<>();
    for (Bucket bucket : shapes) {
      int prompt = Math.min(bucket.length(), model.maxPositions() - maxNewTokens);
      if (prompt < 1) {
        throw ConfigException.of(
            "'max_new_tokens': expected fewer than the model's %d positions, got %d"
                .formatted(model.maxPositions(), maxNewTokens));
      }
      Bucket prompts = new Bucket(bucket.rows(), prompt);
      Bucket slots = new Bucket(bucket.rows(), prompt + maxNewTokens);
      ServingPrograms programs = ServingPrograms.of(tuning, bucket.rows(), prompt, slots.length());
      OptionalInt turn = programs.turn();
      if (turn.isPresent() && turn.getAsInt() < slots.length()) {
        throw ConfigException.of(
            "'buckets': expected prompts and answers of at most %d tokens, where this model turns to other angles and its cache is of no use, got %s with 'max_new_tokens' %d"
                .formatted(turn.getAsInt(), bucket, maxNewTokens));
      }
      if (kinds.contains(ProgramKind.PREFILL)) {
        String name = "prefill_" + prompts;
        sources.put(name, plain(name, ProgramKind.PREFILL, programs.prefill(), prompts, weights));
      }
      if (kinds.contains(ProgramKind.DECODE)) {
        String name = "decode_" + slots;
        sources.put(name, plain(name, ProgramKind.DECODE, programs.decode(), slots, weights));
      }
    }
    return new ArrayList<>(sources.values());
  }

  private static ExportSource plain(
      String name, ProgramKind kind, Program program, Bucket bucket, Set<String> weights) {
    return new ExportSource(name, kind, program, bucket, 1, weights, Map.of());
  }
}
