package dev.hlotune.hlo.symbolic;

import dev.hlotune.hlo.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of a program with sizes that are known when it runs: {@code ?} in types, with what it is in
 * a comment behind the line; and where sizes were attributes, an operation that takes them as
 * operands, see {@link DynamicOperation}.
 */
final class DynamicForms {
  /** What stands before the sizes behind a line. */
  static final String COMMENT = " // ";

  /** A size within a line that is worked on: a number, or the mark of a polynomial. */
  static final String SIZE = "(?:-?\\d+|«\\d+»)";

  /** A tensor's type in such a line. */
  static final Pattern TYPE = Pattern.compile("tensor<((?:" + SIZE + "x)*)(\\w+)>");

  private static final Pattern MARK = Pattern.compile("«(\\d+)»");

  private final ShapeOperands operands;

  /** Lines whose sizes are taken from {@code operands}. */
  DynamicForms(ShapeOperands operands) {
    this.operands = operands;
  }

  /**
   * The lines that say for all sizes what the template says for each.
   *
   * @throws ShapeException if there is no operation that takes what differs as an operand
   */
  List<String> of(Template template) {
    if (template.isConstant()) {
      return template.pieces();
    }
    return DynamicOperation.lines(marked(template), template, operands).stream()
        .map(line -> typed(line, template))
        .toList();
  }

  /** The type with {@code ?} for what is not known. */
  static String type(String dtype, List<SizePolynomial> sizes) {
    StringBuilder text = new StringBuilder("tensor<");
    for (SizePolynomial size : sizes) {
      text.append(size.constant().isPresent() ? size.toString() : "?").append('x');
    }
    return text.append(dtype).append('>').toString();
  }

  /** What the {@code ?} of a line are, in their order. */
  static String comment(List<String> unknown) {
    return unknown.isEmpty() ? "" : COMMENT + String.join(", ", unknown);
  }

  static ShapeException refused(Template template) {
    return new ShapeException(
        "symbolic sizes: expected no tables or attributes that depend on "
            + template.sizes().stream().flatMap(size -> size.symbols().stream()).distinct().toList()
            + ", got some in "
            + Template.shown(marked(template))
            + "; export each shape by itself");
  }

  /** The line with a mark for each polynomial: its place among the line's. */
  private static String marked(Template template) {
    StringBuilder line = new StringBuilder(template.pieces().getFirst());
    for (int i = 0; i < template.sizes().size(); i++) {
      line.append('«').append(i).append('»').append(template.pieces().get(i + 1));
    }
    return line.toString();
  }

  private static String typed(String line, Template template) {
    List<String> unknown = new ArrayList<>();
    StringBuilder types = new StringBuilder();
    Matcher type = TYPE.matcher(line);
    while (type.find()) {
      Matcher mark = MARK.matcher(type.group());
      while (mark.find()) {
        unknown.add(template.sizes().get(Integer.parseInt(mark.group(1))).toString());
      }
      type.appendReplacement(types, mark.replaceAll("?"));
    }
    type.appendTail(types);
    if (types.indexOf("«") >= 0) {
      throw refused(template);
    }
    return types + comment(unknown);
  }
}
