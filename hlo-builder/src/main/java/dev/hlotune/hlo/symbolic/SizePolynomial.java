package dev.hlotune.hlo.symbolic;

import dev.hlotune.hlo.ShapeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A size as a polynomial of named ones, with whole coefficients.
 *
 * @param terms coefficients, none of them 0, by the names that are multiplied, sorted, a square
 *     twice; the constant by none
 */
public record SizePolynomial(Map<List<String>, Long> terms) {
  private static final Comparator<List<String>> ORDER =
      Comparator.<List<String>>comparingInt(List::size)
          .reversed()
          .thenComparing(names -> String.join("*", names));

  /** Leaves out terms of coefficient 0. */
  public SizePolynomial {
    TreeMap<List<String>, Long> kept = new TreeMap<>(ORDER);
    terms.forEach((names, coefficient) -> {
      if (coefficient != 0) {
        kept.put(names.stream().sorted().toList(), coefficient);
      }
    });
    terms = Collections.unmodifiableSortedMap(kept);
  }

  /** The same for all sizes. */
  public static SizePolynomial constant(long value) {
    return new SizePolynomial(Map.of(List.of(), value));
  }

  /** The size of that name. */
  public static SizePolynomial of(String symbol) {
    return new SizePolynomial(Map.of(List.of(symbol), 1L));
  }

  /**
   * Reads what {@link #toString} writes.
   *
   * @throws ShapeException if it is no such text
   * @throws ArithmeticException if a coefficient is too large
   */
  public static SizePolynomial parse(String text) {
    TreeMap<List<String>, Long> terms = new TreeMap<>(ORDER);
    for (String term : text.replace(" - ", " + -").split(" \\+ ", -1)) {
      long coefficient = term.startsWith("-") ? -1 : 1;
      List<String> names = new ArrayList<>();
      for (String factor : term.substring(term.startsWith("-") ? 1 : 0).split("\\*", -1)) {
        if (factor.matches("\\d{1,18}")) {
          coefficient = Math.multiplyExact(coefficient, Long.parseLong(factor));
        } else if (factor.matches("[a-z][a-z0-9_]*")) {
          names.add(factor);
        } else {
          throw new ShapeException(
              "size: expected a sum of products such as \"batch*seq + 16\", got \"" + text + "\"");
        }
      }
      terms.merge(names.stream().sorted().toList(), coefficient, Math::addExact);
    }
    return new SizePolynomial(terms);
  }

  /** The sum of both. */
  public SizePolynomial plus(SizePolynomial other) {
    TreeMap<List<String>, Long> sum = new TreeMap<>(ORDER);
    sum.putAll(terms);
    other.terms.forEach((names, coefficient) -> sum.merge(names, coefficient, Math::addExact));
    return new SizePolynomial(sum);
  }

  /** The product of both. */
  public SizePolynomial times(SizePolynomial other) {
    TreeMap<List<String>, Long> product = new TreeMap<>(ORDER);
    terms.forEach((names, coefficient) ->
        other.terms.forEach((others, factor) -> {
          List<String> all = new ArrayList<>(names);
          all.addAll(others);
          product.merge(
              all.stream().sorted().toList(),
              Math.multiplyExact(coefficient, factor),
              Math::addExact);
        }));
    return new SizePolynomial(product);
  }

  /** Its value, where it is the same for all sizes. */
  public OptionalLong constant() {
    return switch (terms.size()) {
      case 0 -> OptionalLong.of(0);
      case 1 ->
          terms.containsKey(List.<String>of())
              ? OptionalLong.of(terms.get(List.<String>of()))
              : OptionalLong.empty();
      default -> OptionalLong.empty();
    };
  }

  /** The symbol that it is, where it is nothing else. */
  public Optional<String> symbol() {
    return terms.size() == 1
        ? terms.entrySet().stream()
            .filter(term -> term.getKey().size() == 1 && term.getValue() == 1)
            .map(term -> term.getKey().getFirst())
            .findFirst()
        : Optional.empty();
  }

  /** The names in it. */
  public Set<String> symbols() {
    Set<String> names = new LinkedHashSet<>();
    terms.keySet().forEach(names::addAll);
    return names;
  }

  /**
   * Its value.
   *
   * @param sizes of its symbols
   * @throws ShapeException if one of its names is not among them
   */
  public long at(Sizes sizes) {
    long sum = 0;
    for (Map.Entry<List<String>, Long> term : terms.entrySet()) {
      long product = term.getValue();
      for (String name : term.getKey()) {
        product = Math.multiplyExact(product, sizes.get(name));
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  /** Products, the longest first: {@code 2*batch*seq + seq - 1}. */
  @Override
  public String toString() {
    return terms.isEmpty()
        ? "0"
        : terms.entrySet().stream()
            .map(term -> term(term.getKey(), term.getValue()))
            .collect(Collectors.joining(" + "))
            .replace("+ -", "- ");
  }

  private static String term(List<String> names, long coefficient) {
    String product = String.join("*", names);
    if (names.isEmpty()) {
      return Long.toString(coefficient);
    }
    return coefficient == 1
        ? product
        : coefficient == -1 ? "-" + product : coefficient + "*" + product;
  }
}
