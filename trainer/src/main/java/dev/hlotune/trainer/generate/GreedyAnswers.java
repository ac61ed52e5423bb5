package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.Program;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

/** Asks a model questions and compares its likeliest answers with the references. */
public final class GreedyAnswers implements AutoCloseable {
  private static final int ROWS = 32;

  private final GenerationEngine engine;
  private final Map<GenerationSettings, List<Question>> groups;

  private GreedyAnswers(GenerationEngine engine, Map<GenerationSettings, List<Question>> groups) {
    this.engine = engine;
    this.groups = groups;
  }

  /**
   * An answer.
   *
   * @param question what was asked
   * @param ids the answer's tokens, without the one that ends it
   */
  @SuppressWarnings("ArrayRecordComponent") // Ids are passed on as they are.
  public record Answer(Question question, int[] ids) {
    /** Whether every token is that of the reference. */
    public boolean isRight() {
      return Arrays.equals(ids, question.answer());
    }
  }

  /**
   * Questions to a model, of which nothing is compiled yet.
   *
   * @param devices that the weights are on
   * @param compile compiles a program that takes and gives the same on all devices, but for the
   *     weights; it is closed with the result
   * @param maxNewTokens the longest answer, its end included
   */
  public static GreedyAnswers of(
      DeviceMesh devices,
      Function<Program, DeviceProgram> compile,
      Tuning tuning,
      List<Question> questions,
      int maxNewTokens) {
    return new GreedyAnswers(
        new GenerationEngine(devices, compile, tuning, ROWS), groups(questions, maxNewTokens));
  }

  /**
   * The programs that {@link #prepare} would compile, by name, each made when it is asked for; no
   * device is needed.
   */
  public static Map<String, Supplier<Program>> programs(
      Tuning tuning, List<Question> questions, int maxNewTokens) {
    Map<String, Supplier<Program>> programs = new LinkedHashMap<>();
    groups(questions, maxNewTokens)
        .forEach((settings, group) ->
            programs.putAll(GenerationEngine.programs(tuning, ROWS, lengths(group), settings)));
    return programs;
  }

  private static Map<GenerationSettings, List<Question>> groups(
      List<Question> questions, int maxNewTokens) {
    // An answer may hold what ends another.
    Map<GenerationSettings, List<Question>> groups = new LinkedHashMap<>();
    Map<Integer, GenerationSettings> byEnd = new LinkedHashMap<>();
    for (Question question : questions) {
      GenerationSettings settings =
          byEnd.computeIfAbsent(
              question.end(), end -> GenerationSettings.greedy(maxNewTokens, Set.of(end)));
      groups.computeIfAbsent(settings, _ -> new ArrayList<>()).add(question);
    }
    return groups;
  }

  /** Compiles them. */
  public void prepare() {
    groups.forEach((settings, questions) -> engine.prepare(lengths(questions), settings));
  }

  private static List<Integer> lengths(List<Question> questions) {
    return questions.stream().map(question -> question.prompt().length).toList();
  }

  /** The compiled programs. */
  public List<DeviceProgram> programs() {
    return engine.programs();
  }

  /** Answers all questions; empty if it was asked to stop meanwhile. */
  public Optional<List<Answer>> answer(List<ShardedBuffer> weights, AtomicBoolean stop) {
    List<Answer> answers = new ArrayList<>();
    for (Map.Entry<GenerationSettings, List<Question>> group : groups.entrySet()) {
      List<Question> questions = group.getValue();
      List<Generated> generated =
          engine.generate(
              weights,
              questions.stream().map(Question::prompt).toList(),
              group.getKey(),
              Optional.empty(),
              stop);
      for (int i = 0; i < questions.size(); i++) {
        answers.add(new Answer(questions.get(i), generated.get(i).answer()));
      }
    }
    return stop.get() ? Optional.empty() : Optional.of(answers);
  }

  @Override
  public void close() {
    engine.close();
  }
}
