package dev.hlotune.trainer.loop;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.Program;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.data.Mixture;
import dev.hlotune.trainer.generate.GreedyAnswers;
import dev.hlotune.trainer.generate.Question;
import dev.hlotune.trainer.loop.RecipeProgram.Kind;
import dev.hlotune.trainer.step.LogProbsProgram;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import dev.hlotune.trainer.step.Tuning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Every program that a run compiles before its first step, known from its recipe, its data and the
 * model's configuration: no weight is read and no device opened.
 *
 * @param trainings what is trained, by the number of updates before it; the first stands at 0
 * @param buckets shapes of the micro-batches that are trained on
 * @param heldOut shapes of the batches of held-out data
 * @param questions what is answered greedily
 * @param maxNewTokens the longest answer, its end included
 */
public record RecipePrograms(
    NavigableMap<Integer, Training> trainings,
    List<Bucket> buckets,
    List<Bucket> heldOut,
    List<Question> questions,
    int maxNewTokens) {

  /** Keeps its own copies. */
  public RecipePrograms {
    trainings = new TreeMap<>(trainings);
    buckets = List.copyOf(buckets);
    heldOut = List.copyOf(heldOut);
    questions = List.copyOf(questions);
  }

  /**
   * The programs of a recipe. Its data is prepared to see which shapes it needs, or found as a run
   * before has left it; the model's weights need not be there. A recipe without data gets one
   * shape, of {@code per_device_train_batch_size} rows of {@code max_length} tokens.
   *
   * @param observer hears how it goes
   * @param stop set by another thread to give up
   * @throws IOException if a file cannot be read or written
   * @throws java.util.concurrent.CancellationException if asked to stop meanwhile
   */
  public static RecipePrograms open(SftConfig config, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    try (RecipeInputs inputs = RecipeInputs.describe(config, observer, stop)) {
      return of(inputs);
    }
  }

  static RecipePrograms of(RecipeInputs inputs) {
    SftConfig config = inputs.config();
    if (inputs.data().isEmpty()) {
      return withoutData(config, inputs.tuned());
    }
    DataSets data = inputs.data().get();
    int steps =
        data.plan().totalSteps(config.schedule().numTrainEpochs(), config.schedule().maxSteps());
    return of(
        config,
        Recipes.trainings(
            config, inputs.tuned(), Recipes.optimizers(config, inputs.tuned()), steps),
        data);
  }

  /** The programs of a run whose data is there. */
  static RecipePrograms of(
      SftConfig config, NavigableMap<Integer, Training> trainings, DataSets data) {
    return new RecipePrograms(
        trainings,
        data.plan().buckets(),
        data.heldOutPlan().map(BatchPlan::buckets).orElse(List.of()),
        questions(config, data),
        config.evaluation().maxNewTokens());
  }

  private static RecipePrograms withoutData(SftConfig config, TunedModel tuned) {
    int steps = config.schedule().maxSteps();
    return new RecipePrograms(
        Recipes.trainings(
            config,
            tuned,
            Recipes.optimizers(config, tuned),
            steps > 0 ? steps : Integer.MAX_VALUE),
        List.of(bucket(config, tuned, config.batch().trainBatchSize())),
        config.data().holdsOut()
            ? List.of(bucket(config, tuned, config.batch().evalBatchSize()))
            : List.of(),
        List.of(),
        config.evaluation().maxNewTokens());
  }

  /** As many rows as all devices have together that share a batch. */
  private static Bucket bucket(SftConfig config, TunedModel tuned, int rowsOfDevice) {
    int shares = tuned.tuning().spread().rows();
    return new Bucket(Math.multiplyExact(rowsOfDevice, shares), config.data().maxLength());
  }

  private static List<Question> questions(SftConfig config, DataSets data) {
    int wanted = config.evaluation().generateSamples();
    List<Question> questions = new ArrayList<>();
    if (wanted > 0 && data.heldOut().isPresent()) {
      Mixture heldOut = data.heldOut().get();
      for (int i = 0; i < heldOut.size() && questions.size() < wanted; i++) {
        Question.of(heldOut.get(i)).ifPresent(questions::add);
      }
    }
    return questions;
  }

  /** The model, and what is trained of it at first. */
  public Tuning tuning() {
    return trainings.firstEntry().getValue().tuning();
  }

  /** Names of the weights, which every program takes, all of them and in this order. */
  public Set<String> weightNames() {
    return new LinkedHashSet<>(tuning().parameters().names());
  }

  /** The update of a shape. */
  static Program step(Training training, Bucket bucket) {
    return TrainProgram.of(training, bucket);
  }

  /** The loss of a shape of held-out data. */
  Program evaluation(Bucket bucket) {
    return LogProbsProgram.of(tuning(), bucket);
  }

  /** All of them, in the order in which a run compiles them. */
  public List<RecipeProgram> all() {
    List<RecipeProgram> all = new ArrayList<>();
    trainings.forEach((start, training) -> {
      for (Bucket bucket : buckets) {
        all.add(
            new RecipeProgram(
                "train_step_" + bucket + (start == 0 ? "" : "_from_" + start),
                Kind.TRAIN_STEP,
                Optional.of(bucket),
                () -> step(training, bucket)));
      }
    });
    for (Bucket bucket : heldOut) {
      all.add(
          new RecipeProgram(
              "evaluation_" + bucket,
              Kind.EVALUATION,
              Optional.of(bucket),
              () -> evaluation(bucket)));
    }
    if (!questions.isEmpty()) {
      GreedyAnswers.programs(tuning(), questions, maxNewTokens)
          .forEach((name, source) ->
              all.add(
                  new RecipeProgram(
                      name,
                      name.startsWith("prefill") ? Kind.PREFILL : Kind.DECODE,
                      Optional.empty(),
                      source)));
    }
    return List.copyOf(all);
  }
}
