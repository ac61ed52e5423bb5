package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.LengthHistogram;
import java.util.List;

/**
 * What was found in what is trained on, or in what is held out.
 *
 * @param sources its data sets, in the order of the recipe
 * @param lengths how long the examples are
 */
public record DataSetFacts(List<SourceFacts> sources, LengthHistogram lengths) {
  /** Copies the list. */
  public DataSetFacts {
    sources = List.copyOf(sources);
  }

  /** Examples, each once. */
  public long examples() {
    return sources.stream().mapToLong(SourceFacts::examples).sum();
  }

  /** Their tokens. */
  public long tokens() {
    return sources.stream().mapToLong(SourceFacts::tokens).sum();
  }

  /** Tokens that carry loss. */
  public long supervised() {
    return sources.stream().mapToLong(SourceFacts::supervised).sum();
  }

  /** The part of the tokens that carries loss, between 0 and 1. */
  public double supervisedFraction() {
    return tokens() == 0 ? 0 : (double) supervised() / tokens();
  }

  /** The answers of all. */
  public Answers answers() {
    return sources.stream().map(SourceFacts::answers).reduce(Answers.NONE, Answers::plus);
  }
}
