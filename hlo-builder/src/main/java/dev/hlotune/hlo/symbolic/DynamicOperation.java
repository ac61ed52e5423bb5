package dev.hlotune.hlo.symbolic;

import static dev.hlotune.hlo.symbolic.DynamicForms.TYPE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One operation as the emitter prints it, with marks for polynomials, and its form that takes sizes
 * as operands (StableHLO specification and dialect, "Dynamism": {@code dynamic_broadcast_in_dim},
 * {@code dynamic_iota}, {@code dynamic_pad}, {@code dynamic_reshape}, {@code real_dynamic_slice}).
 *
 * @param template where it comes from
 * @param operands where its sizes are taken from
 * @param indent what stands before it
 * @param result its value's name
 * @param rest operands, attributes and types
 * @param location what stands behind it
 */
record DynamicOperation(
    Template template,
    ShapeOperands operands,
    String indent,
    String result,
    String rest,
    String location) {
  private static final Pattern LINE =
      Pattern.compile("( *)(%\\d+) = stablehlo\\.(\\w+) (.*?)( loc\\(.*\\))?");
  private static final Pattern CONSTANT = Pattern.compile("dense<(.*)> : (tensor<.*>)");
  private static final Pattern IOTA = Pattern.compile("(dim = \\d+) : (tensor<.*>)");
  private static final Pattern TYPED = Pattern.compile("(.*) : \\((.*)\\) -> (tensor<.*>)");
  private static final Pattern BROADCAST = Pattern.compile("(%\\S+)(, dims = .*)");
  private static final Pattern RANGES = Pattern.compile("(%\\S+) \\[(.*)\\]");
  private static final Pattern PADDING =
      Pattern.compile("(.*), low = \\[(.*)\\], high = \\[(.*)\\], interior = \\[(.*)\\]");
  private static final Pattern SIZES = Pattern.compile("(.*), sizes = \\[(.*)\\]");

  /**
   * The lines for all sizes, with marks in types.
   *
   * @param line with marks
   * @throws dev.hlotune.hlo.ShapeException if it is not as the emitter prints it
   */
  static List<String> lines(String line, Template template, ShapeOperands operands) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return List.of(line);
    }
    DynamicOperation operation =
        new DynamicOperation(
            template,
            operands,
            matcher.group(1),
            matcher.group(2),
            matcher.group(4),
            matcher.group(5) == null ? "" : matcher.group(5));
    return switch (matcher.group(3)) {
      case "constant" -> operation.constant();
      case "iota" -> operation.iota();
      case "broadcast_in_dim" -> operation.broadcast();
      case "reshape" -> operation.reshape();
      case "slice" -> operation.slice();
      case "pad" -> operation.pad(line);
      case "dynamic_slice" -> operation.dynamicSlice(line);
      // The others have sizes in their types alone, or are refused for what is left.
      default -> List.of(line);
    };
  }

  private List<String> constant() {
    Matcher matcher = matched(CONSTANT, rest);
    String value = matcher.group(1);
    String type = matcher.group(2);
    Matcher parts = matched(TYPE, type);
    String scalarType = "tensor<" + parts.group(2) + ">";
    String one;
    if (value.matches("«\\d+»")) {
      if (!parts.group(2).matches("u?i\\d+")) {
        throw DynamicForms.refused(template);
      }
      one =
          "stablehlo.convert " + operands.scalar(size(value)) + " : (tensor<i32>) -> " + scalarType;
    } else {
      one = "stablehlo.constant dense<" + value + "> : " + scalarType;
    }
    if (parts.group(1).isEmpty()) {
      return List.of(line(result, one));
    }
    String scalar = own("value");
    return List.of(
        line(scalar, one),
        shaped("dynamic_broadcast_in_dim", scalar, ", dims = []", scalarType, type));
  }

  private List<String> iota() {
    Matcher matcher = matched(IOTA, rest);
    List<SizePolynomial> shape = dimensions(matcher.group(2));
    return List.of(
        line(
            result,
            applied(
                "dynamic_iota",
                List.of(operands.vector(shape)),
                ", " + matcher.group(1),
                List.of(ShapeOperands.type(shape.size())),
                matcher.group(2))));
  }

  private List<String> broadcast() {
    Matcher matcher = matched(TYPED, rest);
    Matcher parts = matched(BROADCAST, matcher.group(1));
    // Axes are repeated that the operand lacks, never such as it has one position of.
    String own =
        IntStream.range(0, dimensions(matcher.group(2)).size())
            .mapToObj(String::valueOf)
            .collect(Collectors.joining(", "));
    String known =
        own.isEmpty() ? "" : " {known_nonexpanding_dimensions = array<i64: " + own + ">}";
    return List.of(
        shaped(
            "dynamic_broadcast_in_dim",
            parts.group(1),
            parts.group(2) + known,
            matcher.group(2),
            matcher.group(3)));
  }

  private List<String> reshape() {
    Matcher matcher = matched(TYPED, rest);
    return List.of(
        shaped("dynamic_reshape", matcher.group(1), "", matcher.group(2), matcher.group(3)));
  }

  private List<String> slice() {
    Matcher matcher = matched(TYPED, rest);
    Matcher ranges = matched(RANGES, matcher.group(1));
    List<String> bounds = Arrays.asList(ranges.group(2).split(", ", -1));
    String start = operands.vector(sizes(bounds, one -> one.substring(0, one.indexOf(':'))));
    String limit = operands.vector(sizes(bounds, one -> one.substring(one.indexOf(':') + 1)));
    return List.of(
        realDynamicSlice(ranges.group(1), start, limit, matcher.group(2), matcher.group(3)));
  }

  private List<String> pad(String line) {
    Matcher matcher = matched(TYPED, rest);
    Matcher parts = matched(PADDING, matcher.group(1));
    if (!matcher.group(1).contains("«")) {
      return List.of(line);
    }
    List<String> values = new ArrayList<>(Arrays.asList(parts.group(1).split(", ", -1)));
    List<String> types = new ArrayList<>(Arrays.asList(matcher.group(2).split(", ", -1)));
    for (int group = 2; group <= 4; group++) {
      List<SizePolynomial> amounts = sizes(parts.group(group));
      values.add(operands.vector(amounts));
      types.add(ShapeOperands.type(amounts.size()));
    }
    return List.of(line(result, applied("dynamic_pad", values, "", types, matcher.group(3))));
  }

  /** A slice from a place that is known on the device: to that place and its size. */
  private List<String> dynamicSlice(String line) {
    Matcher matcher = matched(TYPED, rest);
    Matcher parts = matched(SIZES, matcher.group(1));
    if (!matcher.group(1).contains("«")) {
      return List.of(line);
    }
    List<String> values = Arrays.asList(parts.group(1).split(", ", -1));
    List<String> types = Arrays.asList(matcher.group(2).split(", ", -1));
    List<String> lines = new ArrayList<>();
    List<String> places = new ArrayList<>();
    for (int i = 1; i < values.size(); i++) {
      places.add(own("at" + i));
      lines.add(
          line(
              places.getLast(),
              applied(
                  "reshape", List.of(values.get(i)), "", List.of(types.get(i)), "tensor<1xi32>")));
    }
    String vector = ShapeOperands.type(places.size());
    String from = own("from");
    String start = own("start");
    String limit = own("limit");
    lines.add(
        line(
            from,
            applied(
                "concatenate",
                places,
                ", dim = 0",
                Collections.nCopies(places.size(), "tensor<1xi32>"),
                vector)));
    // The operation that takes sizes does not bring the start into range itself.
    List<SizePolynomial> whole = dimensions(types.getFirst());
    List<SizePolynomial> part = sizes(parts.group(2));
    List<SizePolynomial> last =
        IntStream.range(0, whole.size())
            .mapToObj(i -> whole.get(i).plus(part.get(i).times(SizePolynomial.constant(-1))))
            .toList();
    String zero = operands.vector(Collections.nCopies(whole.size(), SizePolynomial.constant(0)));
    lines.add(
        line(
            start,
            "stablehlo.clamp "
                + String.join(", ", zero, from, operands.vector(last))
                + " : "
                + vector));
    // A sum with the start is what compilers find a size of its own in.
    lines.add(
        line(limit, "stablehlo.add " + start + ", " + operands.vector(part) + " : " + vector));
    lines.add(
        realDynamicSlice(values.getFirst(), start, limit, types.getFirst(), matcher.group(3)));
    return lines;
  }

  private String realDynamicSlice(
      String operand, String start, String limit, String from, String to) {
    int rank = dimensions(to).size();
    String indices = ShapeOperands.type(rank);
    String strides = operands.vector(Collections.nCopies(rank, SizePolynomial.constant(1)));
    return line(
        result,
        applied(
            "real_dynamic_slice",
            List.of(operand, start, limit, strides),
            "",
            List.of(from, indices, indices, indices),
            to));
  }

  /** The operation with the shape of its result as its second operand. */
  private String shaped(
      String operation, String operand, String attributes, String from, String to) {
    List<SizePolynomial> shape = dimensions(to);
    return line(
        result,
        applied(
            operation,
            List.of(operand, operands.vector(shape)),
            attributes,
            List.of(from, ShapeOperands.type(shape.size())),
            to));
  }

  private Matcher matched(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw DynamicForms.refused(template);
    }
    return matcher;
  }

  /** A name beside the result's; those that begin with a digit are numbers in MLIR. */
  private String own(String name) {
    return "%" + name + "." + result.substring(1);
  }

  private String line(String name, String operation) {
    return indent + name + " = " + operation + location;
  }

  private static String applied(
      String operation, List<String> values, String attributes, List<String> types, String result) {
    return "stablehlo."
        + operation
        + " "
        + String.join(", ", values)
        + attributes
        + " : ("
        + String.join(", ", types)
        + ") -> "
        + result;
  }

  private List<SizePolynomial> dimensions(String type) {
    String sizes = matched(TYPE, type).group(1);
    return sizes.isEmpty() ? List.of() : sizes(Arrays.asList(sizes.split("x")), one -> one);
  }

  private List<SizePolynomial> sizes(String listed) {
    return sizes(Arrays.asList(listed.split(", ", -1)), one -> one);
  }

  private List<SizePolynomial> sizes(List<String> texts, UnaryOperator<String> part) {
    return texts.stream().map(one -> size(part.apply(one))).toList();
  }

  private SizePolynomial size(String text) {
    return text.startsWith("«")
        ? template.sizes().get(Integer.parseInt(text.substring(1, text.length() - 1)))
        : SizePolynomial.constant(Long.parseLong(text));
  }
}
