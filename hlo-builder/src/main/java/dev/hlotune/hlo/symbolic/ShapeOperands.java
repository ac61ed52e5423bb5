package dev.hlotune.hlo.symbolic;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Sizes as values of the program, for operations that take shapes as operands; each is computed
 * once, where the program begins. All are {@code i32}, as StableHLO's {@code get_dimension_size}
 * gives them.
 */
final class ShapeOperands {
  private static final String SCALAR = "tensor<i32>";
  private static final String ONE = "tensor<1xi32>";

  private final List<String> lines = new ArrayList<>();
  private final Map<SizePolynomial, String> scalars = new LinkedHashMap<>();
  private final Map<List<SizePolynomial>, String> vectors = new LinkedHashMap<>();
  private int names;

  /**
   * Takes the size of a symbol from an operand.
   *
   * @param value a value that has a dimension of that size
   * @param dtype its element type
   * @param sizes its sizes
   */
  void read(String symbol, String value, String dtype, List<SizePolynomial> sizes, int dimension) {
    String name = "%" + symbol;
    lines.add(
        name
            + " = stablehlo.get_dimension_size "
            + value
            + ", dim = "
            + dimension
            + " : ("
            + DynamicForms.type(dtype, sizes)
            + ") -> "
            + SCALAR
            + DynamicForms.comment(
                sizes.stream()
                    .filter(size -> size.constant().isEmpty())
                    .map(SizePolynomial::toString)
                    .toList()));
  }

  /** The lines that compute all that was asked for. */
  List<String> lines() {
    return lines;
  }

  /** A scalar of that size. */
  String scalar(SizePolynomial size) {
    String known = scalars.get(size);
    if (known != null) {
      return known;
    }
    String sum = "";
    for (Map.Entry<List<String>, Long> term : size.terms().entrySet()) {
      String product = "";
      if (term.getValue() != 1 || term.getKey().isEmpty()) {
        product = constant(term.getValue());
      }
      for (String symbol : term.getKey()) {
        String factor = "%" + symbol;
        product = product.isEmpty() ? factor : binary("multiply", product, factor);
      }
      sum = sum.isEmpty() ? product : binary("add", sum, product);
    }
    String name = sum.isEmpty() ? constant(0) : sum;
    scalars.put(size, name);
    return name;
  }

  /** A vector of sizes, such as a shape. */
  String vector(List<SizePolynomial> sizes) {
    String known = vectors.get(sizes);
    if (known != null) {
      return known;
    }
    List<String> parts = new ArrayList<>();
    List<String> types = new ArrayList<>();
    List<Long> constants = new ArrayList<>();
    for (SizePolynomial size : sizes) {
      OptionalLong constant = size.constant();
      if (constant.isPresent()) {
        constants.add(constant.getAsLong());
      } else {
        flush(constants, parts, types);
        parts.add(element(size));
        types.add(ONE);
      }
    }
    flush(constants, parts, types);
    String name =
        parts.size() == 1
            ? parts.getFirst()
            : define(
                "stablehlo.concatenate "
                    + String.join(", ", parts)
                    + ", dim = 0 : ("
                    + String.join(", ", types)
                    + ") -> "
                    + type(sizes.size()));
    vectors.put(List.copyOf(sizes), name);
    return name;
  }

  /** The type of a vector of so many sizes. */
  static String type(int count) {
    return "tensor<" + count + "xi32>";
  }

  private String element(SizePolynomial size) {
    List<SizePolynomial> alone = List.of(size);
    String known = vectors.get(alone);
    if (known != null) {
      return known;
    }
    String name = define("stablehlo.reshape " + scalar(size) + " : (" + SCALAR + ") -> " + ONE);
    vectors.put(alone, name);
    return name;
  }

  private void flush(List<Long> constants, List<String> parts, List<String> types) {
    if (!constants.isEmpty()) {
      List<SizePolynomial> sizes = constants.stream().map(SizePolynomial::constant).toList();
      String name = vectors.get(sizes);
      if (name == null) {
        name = define("stablehlo.constant dense<" + constants + "> : " + type(constants.size()));
        vectors.put(sizes, name);
      }
      parts.add(name);
      types.add(type(constants.size()));
      constants.clear();
    }
  }

  private String constant(long value) {
    return define("stablehlo.constant dense<" + value + "> : " + SCALAR);
  }

  private String binary(String operation, String left, String right) {
    return define("stablehlo." + operation + " " + left + ", " + right + " : " + SCALAR);
  }

  private String define(String line) {
    String name = "%size." + names++;
    lines.add(name + " = " + line);
    return name;
  }
}
