package dev.hlotune.trainer.benchmark;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one question counts, by the log-likelihoods of its choices. */
final class Counting {
  private Counting() {}

  /** As lm-evaluation-harness counts. */
  static TaskResult.Answered choice(Task.Choice task, Question question, double[] likelihoods) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Task.Measure measure : task.measures()) {
      values.put(
          measure.spelled() + ",none",
          switch (measure) {
            case ACCURACY -> right(likelihoods, question.gold());
            case NORMALIZED -> right(perCharacter(question, likelihoods), question.gold());
            case TRUE_MASS -> trueMass(question.truths(), likelihoods);
          });
    }
    return new TaskResult.Answered(
        values, Arrays.stream(likelihoods).boxed().toList(), "", Integer.toString(question.gold()));
  }

  /** As nanochat counts: the likeliest letter is the answer. */
  static TaskResult.Answered letter(List<String> letters, String target, double[] likelihoods) {
    String answer = letters.get(largest(likelihoods));
    return new TaskResult.Answered(
        Map.of("acc,none", answer.equals(target) ? 1.0 : 0.0),
        Arrays.stream(likelihoods).boxed().toList(),
        answer,
        target);
  }

  private static double right(double[] values, int gold) {
    return largest(values) == gold ? 1 : 0;
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }

  /** Characters are code points, as Python counts them. */
  private static double[] perCharacter(Question question, double[] likelihoods) {
    double[] values = new double[likelihoods.length];
    for (int i = 0; i < values.length; i++) {
      String choice = question.choices().get(i);
      values[i] = likelihoods[i] / choice.codePointCount(0, choice.length());
    }
    return values;
  }

  private static double trueMass(List<Boolean> truths, double[] likelihoods) {
    double most = likelihoods[largest(likelihoods)];
    double all = 0;
    double ofTrue = 0;
    for (int i = 0; i < likelihoods.length; i++) {
      double probability = Math.exp(likelihoods[i] - most);
      all += probability;
      ofTrue += truths.get(i) ? probability : 0;
    }
    return ofTrue / all;
  }
}
