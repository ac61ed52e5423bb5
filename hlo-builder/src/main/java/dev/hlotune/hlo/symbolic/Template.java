package dev.hlotune.hlo.symbolic;

import dev.hlotune.hlo.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of StableHLO with polynomials in the place of numbers.
 *
 * @param pieces what stands around them, one more than there are
 * @param sizes the polynomials, in their order
 */
record Template(List<String> pieces, List<SizePolynomial> sizes) {
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern OPERATION = Pattern.compile("= \"?([\\w.]+)|^(\\w[\\w.]*)");
  private static final Pattern LOCATION = Pattern.compile("loc\\(\"(.*)\":(\\d+):1\\)");

  /** Most digits of a number that is read as one. */
  private static final int DIGITS = 9;

  Template {
    pieces = List.copyOf(pieces);
    sizes = List.copyOf(sizes);
  }

  /**
   * The line that is at each place what is given for it.
   *
   * @param lines at the places of {@code interpolation}
   * @throws ShapeException if they differ in more than polynomials
   */
  static Template through(List<String> lines, Interpolation interpolation) {
    String first = lines.getFirst();
    if (lines.stream().allMatch(first::equals)) {
      return new Template(List.of(first), List.of());
    }
    List<List<String>> numbers = new ArrayList<>();
    List<String> between = split(first, new ArrayList<>());
    for (int i = 0; i < lines.size(); i++) {
      List<String> own = new ArrayList<>();
      if (!split(lines.get(i), own).equals(between)) {
        throw differs(
            first, interpolation.points().getFirst(), lines.get(i), interpolation.points().get(i));
      }
      numbers.add(own);
    }
    List<String> pieces = new ArrayList<>();
    List<SizePolynomial> sizes = new ArrayList<>();
    StringBuilder piece = new StringBuilder(between.getFirst());
    for (int at = 0; at < numbers.getFirst().size(); at++) {
      int place = at;
      String number = numbers.getFirst().get(at);
      if (numbers.stream().allMatch(own -> own.get(place).equals(number))) {
        piece.append(number);
      } else {
        pieces.add(piece.toString());
        piece.setLength(0);
        sizes.add(
            polynomial(numbers.stream().map(own -> own.get(place)).toList(), interpolation)
                .orElseThrow(() ->
                    new ShapeException(
                        "symbolic sizes: expected numbers that are polynomials of "
                            + interpolation.points().getFirst().names()
                            + " with whole coefficients, got others in "
                            + shown(first)
                            + "; export each shape by itself")));
      }
      piece.append(between.get(at + 1));
    }
    pieces.add(piece.toString());
    return new Template(pieces, sizes);
  }

  private static Optional<SizePolynomial> polynomial(
      List<String> numbers, Interpolation interpolation) {
    // Digits behind a point, which are no whole number.
    boolean whole =
        numbers.stream().allMatch(one -> one.length() <= DIGITS && !one.matches("0\\d+"));
    return whole
        ? interpolation.through(place -> Long.parseLong(numbers.get(place)))
        : Optional.empty();
  }

  /** What stands around numbers; the numbers are put into a list. */
  private static List<String> split(String line, List<String> numbers) {
    List<String> between = new ArrayList<>();
    Matcher matcher = NUMBER.matcher(line);
    int end = 0;
    while (matcher.find()) {
      between.add(line.substring(end, matcher.start()));
      numbers.add(matcher.group());
      end = matcher.end();
    }
    between.add(line.substring(end));
    return between;
  }

  /** Whether it is the same for all sizes. */
  boolean isConstant() {
    return sizes.isEmpty();
  }

  /** The line at some sizes. */
  String at(Sizes point) {
    if (isConstant()) {
      return pieces.getFirst();
    }
    StringBuilder line = new StringBuilder(pieces.getFirst());
    for (int i = 0; i < sizes.size(); i++) {
      line.append(sizes.get(i).at(point)).append(pieces.get(i + 1));
    }
    return line.toString();
  }

  /** What is said where a program is not the same at other sizes. */
  static ShapeException differs(String one, Sizes at, String other, Sizes elsewhere) {
    return new ShapeException(
        "symbolic sizes: expected one program for all sizes, got "
            + shown(one)
            + " at "
            + at
            + " where it has "
            + shown(other)
            + " at "
            + elsewhere
            + "; export smaller ranges of sizes, or each shape by itself");
  }

  /** The operation and where it comes from. */
  static String shown(String line) {
    Matcher operation = OPERATION.matcher(line.strip());
    Matcher location = LOCATION.matcher(line);
    String name =
        operation.find()
            ? Optional.ofNullable(operation.group(1)).orElse(operation.group(2))
            : "the end of a region";
    return location.find() ? name + " of " + location.group(1) + ":" + location.group(2) : name;
  }
}
