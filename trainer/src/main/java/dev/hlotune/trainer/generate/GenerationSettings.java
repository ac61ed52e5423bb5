package dev.hlotune.trainer.generate;

import dev.hlotune.configs.ConfigException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * How answers are made.
 *
 * @param maxNewTokens the most tokens of one, its end included
 * @param sampling how a token is chosen
 * @param ends the tokens that end one
 * @param watching stop strings and tools
 */
public record GenerationSettings(
    int maxNewTokens, Sampling sampling, Set<Integer> ends, Watching watching) {
  /** Checks the number, keeps the order. */
  public GenerationSettings {
    if (maxNewTokens < 1) {
      throw ConfigException.of(
          "'max_new_tokens': expected a whole number from 1, got " + maxNewTokens);
    }
    ends = Collections.unmodifiableSet(new LinkedHashSet<>(ends));
  }

  /** The likeliest tokens up to one that ends an answer. */
  public static GenerationSettings greedy(int maxNewTokens, Set<Integer> ends) {
    return new GenerationSettings(maxNewTokens, Sampling.GREEDY, ends, Watching.NONE);
  }
}
