package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Answers questions greedily, in batches of questions of similar length. The shapes are fixed and
 * compiled when it is made.
 */
public final class GreedyAnswers implements AutoCloseable {
  private static final int ROWS = 32;
  private static final int LENGTH_STEP = 32;

  private final Client client;
  private final Map<Bucket, List<Question>> groups;
  private final Map<Bucket, DeviceProgram> programs;
  private final int maxNewTokens;

  private GreedyAnswers(
      Client client,
      Map<Bucket, List<Question>> groups,
      Map<Bucket, DeviceProgram> programs,
      int maxNewTokens) {
    this.client = client;
    this.groups = groups;
    this.programs = programs;
    this.maxNewTokens = maxNewTokens;
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
   * Questions by the shape in which they are answered.
   *
   * @param maxNewTokens the longest answer, its end included
   */
  public static Map<Bucket, List<Question>> byShape(
      CausalModel model, List<Question> questions, int maxNewTokens) {
    Map<Bucket, List<Question>> groups = new LinkedHashMap<>();
    questions.stream()
        .sorted(Comparator.comparingInt(question -> -question.prompt().length))
        .forEach(question -> {
          int length = question.prompt().length + maxNewTokens;
          int rounded = (length + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP;
          Bucket bucket = new Bucket(ROWS, Math.min(model.maxPositions(), rounded));
          groups.computeIfAbsent(bucket, _ -> new ArrayList<>()).add(question);
        });
    return groups;
  }

  /**
   * Compiles the programs for a set of questions, one for each shape.
   *
   * @param compile compiles a program, which is then closed with the result
   * @param questions by shape
   * @param maxNewTokens as they were grouped with
   */
  public static GreedyAnswers prepare(
      Client client,
      Function<Program, DeviceProgram> compile,
      Tuning tuning,
      Map<Bucket, List<Question>> questions,
      int maxNewTokens) {
    Map<Bucket, DeviceProgram> programs = new LinkedHashMap<>();
    for (Bucket bucket : questions.keySet()) {
      programs.put(bucket, compile.apply(GreedyProgram.of(tuning, bucket)));
    }
    return new GreedyAnswers(client, new LinkedHashMap<>(questions), programs, maxNewTokens);
  }

  /** The compiled programs. */
  public List<DeviceProgram> programs() {
    return List.copyOf(programs.values());
  }

  /** Answers all questions; empty if it was asked to stop meanwhile. */
  public Optional<List<Answer>> answer(List<DeviceBuffer> weights, AtomicBoolean stop) {
    List<Answer> answers = new ArrayList<>();
    for (Map.Entry<Bucket, List<Question>> group : groups.entrySet()) {
      List<Question> questions = group.getValue();
      for (int i = 0; i < questions.size(); i += ROWS) {
        if (stop.get()) {
          return Optional.empty();
        }
        List<Question> some = questions.subList(i, Math.min(questions.size(), i + ROWS));
        answers.addAll(answer(weights, group.getKey(), some));
      }
    }
    return Optional.of(answers);
  }

  private List<Answer> answer(List<DeviceBuffer> weights, Bucket bucket, List<Question> questions) {
    int[] tokens = new int[bucket.tokens()];
    int[] lengths = new int[bucket.rows()];
    int[] limits = new int[bucket.rows()];
    int[] ends = new int[bucket.rows()];
    // Rows without a question have reached their limit before they start.
    Arrays.fill(lengths, 1);
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      int length = question.prompt().length;
      System.arraycopy(question.prompt(), 0, tokens, i * bucket.length(), length);
      lengths[i] = length;
      limits[i] = Math.min(bucket.length(), length + maxNewTokens);
      ends[i] = question.end();
    }
    List<DeviceBuffer> passing =
        List.of(
            client.transfer(tokens, client.device(), bucket.rows(), bucket.length()),
            client.transfer(lengths, client.device(), bucket.rows()),
            client.transfer(limits, client.device(), bucket.rows()),
            client.transfer(ends, client.device(), bucket.rows()));
    List<DeviceBuffer> inputs = new ArrayList<>(weights);
    inputs.addAll(passing);
    DeviceProgram program = programs.get(bucket);
    if (program == null) {
      throw new IllegalStateException("no program for " + bucket);
    }
    List<DeviceBuffer> outputs = program.run(inputs);
    int[] after = outputs.get(0).readInts();
    int[] reached = outputs.get(1).readInts();
    passing.forEach(DeviceBuffer::close);
    outputs.forEach(DeviceBuffer::close);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < questions.size(); i++) {
      Question question = questions.get(i);
      int from = i * bucket.length() + question.prompt().length;
      int to = i * bucket.length() + reached[i];
      boolean ended = to > from && after[to - 1] == question.end();
      answers.add(new Answer(question, Arrays.copyOfRange(after, from, ended ? to - 1 : to)));
    }
    return answers;
  }

  @Override
  public void close() {
    programs.values().forEach(DeviceProgram::close);
  }
}
