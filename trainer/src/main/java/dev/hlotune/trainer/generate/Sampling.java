package dev.hlotune.trainer.generate;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a token is chosen, in the words, with the defaults and in the order of transformers'
 * GenerationConfig: the penalty, then, where tokens are drawn, temperature, top-k, top-p, min-p.
 *
 * @param doSample whether tokens are drawn; the likeliest is taken otherwise
 * @param temperature what logits are divided by
 * @param topK how many of the likeliest remain; 0 for all
 * @param topP the least sum of the probabilities that remain
 * @param minP the least probability that remains, as a share of the greatest; 0 for none
 * @param repetitionPenalty by what the logits of tokens of the prompt and the answer are divided,
 *     or multiplied where they are negative (Keskar et al. 2019, section 4.1)
 * @param seed of the draws
 */
public record Sampling(
    boolean doSample,
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    long seed) {
  /** The likeliest token, always. */
  public static final Sampling GREEDY = new Sampling(false, 1, 50, 1, 0, 1, 42);

  /** Checks all of them at once. */
  public Sampling {
    List<String> problems = new ArrayList<>();
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      problems.add(
          "'temperature': expected a number above 0, got %s; for the likeliest token, leave 'do_sample' off"
              .formatted(temperature));
    }
    if (topK < 0) {
      problems.add("'top_k': expected a whole number from 0, got " + topK);
    }
    if (!(topP >= 0 && topP <= 1)) {
      problems.add("'top_p': expected a number from 0 to 1, got " + topP);
    }
    if (!(minP >= 0 && minP <= 1)) {
      problems.add("'min_p': expected a number from 0 to 1, got " + minP);
    }
    if (!(repetitionPenalty > 0) || Double.isInfinite(repetitionPenalty)) {
      problems.add("'repetition_penalty': expected a number above 0, got " + repetitionPenalty);
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(
          problems.stream()
              .map(problem -> new Problem(Optional.empty(), List.of(), problem))
              .toList());
    }
  }
}
