package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.source.Origin;
import java.util.List;
import java.util.Optional;

/**
 * An example as it is trained.
 *
 * @param number its number, from 1
 * @param of how many there are
 * @param origin where its record was read
 * @param tokens its tokens
 * @param row where it lies in a row with others; empty where each has a row of its own
 */
public record ExampleView(
    int number, int of, Origin origin, List<TokenView> tokens, Optional<RowView> row) {
  /** Copies the list. */
  public ExampleView {
    tokens = List.copyOf(tokens);
  }

  /** How many of its tokens carry loss. */
  public long supervised() {
    return tokens.stream().filter(TokenView::supervised).count();
  }

  /** The part of its tokens that carries loss, between 0 and 1. */
  public double supervisedFraction() {
    return (double) supervised() / tokens.size();
  }

  /** The sum of their weights. */
  public double weight() {
    return tokens.stream().mapToDouble(TokenView::weight).sum();
  }
}
