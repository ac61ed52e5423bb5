package dev.hlotune.trainer.benchmark;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a task came to.
 *
 * @param name of the task
 * @param alias what a table calls it below its group
 * @param version of the task's definition
 * @param shots examples shown before each question
 * @param available questions that there are
 * @param questions what was asked and how it went, in the order of the data
 * @param dataset where the questions came from
 */
public record TaskResult(
    String name,
    String alias,
    String version,
    int shots,
    int available,
    List<Answered> questions,
    String dataset) {

  /**
   * One question.
   *
   * @param values what it counts, by measure as results.json names it: {@code acc,none}
   * @param likelihoods of its choices, the natural logarithm; empty where it has none
   * @param text what the model answered; empty where it chose
   * @param target the right answer
   */
  public record Answered(
      Map<String, Double> values, List<Double> likelihoods, String text, String target) {
    /** Copies the collections. */
    public Answered {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
      likelihoods = List.copyOf(likelihoods);
    }
  }

  /**
   * One figure.
   *
   * @param value the mean over the questions
   * @param error its standard error; empty where there is one question
   */
  public record Figure(double value, OptionalDouble error) {}

  /** Copies the list. */
  public TaskResult {
    questions = List.copyOf(questions);
  }

  /** The figures by measure, such as {@code acc,none}. */
  public Map<String, Figure> figures() {
    Map<String, Figure> figures = new LinkedHashMap<>();
    questions
        .getFirst()
        .values()
        .keySet()
        .forEach(measure -> figures.put(measure, figure(measure)));
    return figures;
  }

  /** The mean, and its error by the sample's deviation. */
  private Figure figure(String measure) {
    double[] values =
        questions.stream().mapToDouble(one -> one.values().getOrDefault(measure, 0.0)).toArray();
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / values.length;
    if (values.length < 2) {
      return new Figure(mean, OptionalDouble.empty());
    }
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return new Figure(
        mean,
        OptionalDouble.of(Math.sqrt(squares / (values.length - 1)) / Math.sqrt(values.length)));
  }
}
