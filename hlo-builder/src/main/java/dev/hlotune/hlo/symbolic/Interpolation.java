package dev.hlotune.hlo.symbolic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Polynomials through given values, of second degree at most in each symbol: Newton's divided
 * differences, one symbol after the other, in whole numbers.
 */
final class Interpolation {
  private final List<Symbol> symbols;
  private final List<Sizes> points;

  /** For values at {@link #points}. */
  Interpolation(List<Symbol> symbols) {
    this.symbols = List.copyOf(symbols);
    List<Sizes> grid = List.of(Sizes.NONE);
    for (Symbol symbol : this.symbols) {
      List<Sizes> finer = new ArrayList<>();
      for (Sizes point : grid) {
        for (int i = 0; i < Symbol.SAMPLES; i++) {
          finer.add(point.with(symbol.name(), symbol.first() + i));
        }
      }
      grid = finer;
    }
    this.points = List.copyOf(grid);
  }

  /** Where values are needed, the last symbol's varying fastest. */
  List<Sizes> points() {
    return points;
  }

  /**
   * The polynomial through values.
   *
   * @param values at a place of {@link #points}
   * @return none where its coefficients are not whole
   */
  Optional<SizePolynomial> through(ToLongFunction<Integer> values) {
    return through(0, 0, points.size(), values);
  }

  private Optional<SizePolynomial> through(
      int depth, int start, int count, ToLongFunction<Integer> values) {
    if (depth == symbols.size()) {
      return Optional.of(SizePolynomial.constant(values.applyAsLong(start)));
    }
    Symbol symbol = symbols.get(depth);
    int stride = count / Symbol.SAMPLES;
    List<SizePolynomial> differences = new ArrayList<>();
    for (int i = 0; i < Symbol.SAMPLES; i++) {
      Optional<SizePolynomial> at = through(depth + 1, start + i * stride, stride, values);
      if (at.isEmpty()) {
        return at;
      }
      differences.add(at.get());
    }
    // The places are neighbours, so the divisor of the n-th differences is n.
    SizePolynomial sum = differences.getFirst();
    SizePolynomial basis = SizePolynomial.constant(1);
    for (int order = 1; order < Symbol.SAMPLES; order++) {
      for (int i = 0; i < Symbol.SAMPLES - order; i++) {
        Optional<SizePolynomial> quotient =
            divided(minus(differences.get(i + 1), differences.get(i)), order);
        if (quotient.isEmpty()) {
          return quotient;
        }
        differences.set(i, quotient.get());
      }
      long root = symbol.first() + order - 1L;
      basis = basis.times(SizePolynomial.of(symbol.name()).plus(SizePolynomial.constant(-root)));
      sum = sum.plus(basis.times(differences.getFirst()));
    }
    return Optional.of(sum);
  }

  private static SizePolynomial minus(SizePolynomial left, SizePolynomial right) {
    return left.plus(right.times(SizePolynomial.constant(-1)));
  }

  private static Optional<SizePolynomial> divided(SizePolynomial polynomial, int divisor) {
    Map<List<String>, Long> quotients = new LinkedHashMap<>();
    for (Map.Entry<List<String>, Long> term : polynomial.terms().entrySet()) {
      if (term.getValue() % divisor != 0) {
        return Optional.empty();
      }
      quotients.put(term.getKey(), term.getValue() / divisor);
    }
    return Optional.of(new SizePolynomial(quotients));
  }
}
