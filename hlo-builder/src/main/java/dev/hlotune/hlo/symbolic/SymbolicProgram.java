package dev.hlotune.hlo.symbolic;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.emit.Emitter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A program for all sizes of some ranges, of one device.
 *
 * <p>Sizes are polynomials of those of the inputs, of second degree at most in each. They are found
 * at the three least sizes above 1 of each symbol; the text that comes out is the emitter's, line
 * by line, at every one of those places, in the middle of the ranges and at their ends. At sizes of
 * 1, where programs have lines less, the shapes of inputs and outputs are compared.
 *
 * @param symbols what is known when it is called
 * @param text StableHLO, with dynamic shapes
 * @param inputs of each input, the sizes of its axes
 * @param outputs of each output, likewise
 */
public record SymbolicProgram(
    List<Symbol> symbols,
    String text,
    List<List<SizePolynomial>> inputs,
    List<List<SizePolynomial>> outputs) {
  private static final String MAIN = "func.func public @main(";

  /** Keeps its own copies. */
  public SymbolicProgram {
    symbols = List.copyOf(symbols);
    inputs = inputs.stream().map(List::copyOf).toList();
    outputs = outputs.stream().map(List::copyOf).toList();
  }

  /**
   * The program of all sizes.
   *
   * @param symbols at least one
   * @param programs the program of some sizes, by name
   * @throws ShapeException if programs differ in more than polynomials of sizes, or in a way that
   *     no operation of StableHLO takes from operands
   */
  public static SymbolicProgram of(List<Symbol> symbols, Function<Sizes, Program> programs) {
    Interpolation interpolation = new Interpolation(symbols);
    List<Sizes> points = interpolation.points();
    List<Program> samples = points.stream().map(programs).toList();
    List<List<String>> texts = samples.stream().map(SymbolicProgram::lines).toList();
    for (int i = 1; i < texts.size(); i++) {
      sameLength(texts.getFirst(), points.getFirst(), texts.get(i), points.get(i));
    }
    Template[] found = new Template[texts.getFirst().size()];
    for (int line : order(texts.getFirst())) {
      found[line] =
          Template.through(texts.stream().map(text -> text.get(line)).toList(), interpolation);
    }
    List<Template> templates = List.of(found);
    for (Sizes point : others(symbols)) {
      compare(templates, lines(programs.apply(point)), point, texts.getFirst(), points.getFirst());
    }
    List<List<SizePolynomial>> inputs =
        sizes(
            samples.stream()
                .map(program ->
                    program.inputs().stream().map(one -> one.parameter().shape()).toList())
                .toList(),
            interpolation);
    List<List<SizePolynomial>> outputs =
        sizes(
            samples.stream()
                .map(program -> program.outputs().stream().map(Program.Output::shape).toList())
                .toList(),
            interpolation);
    for (Sizes point : ones(symbols)) {
      Program program = programs.apply(point);
      checkShapes(
          program.inputs().stream().map(one -> one.parameter().shape()).toList(), inputs, point);
      checkShapes(program.outputs().stream().map(Program.Output::shape).toList(), outputs, point);
    }
    checkWidth(symbols, templates);
    return new SymbolicProgram(
        symbols, print(symbols, templates, samples.getFirst(), inputs), inputs, outputs);
  }

  /** Places where a size is 1, which are looked at for their shapes alone. */
  private static List<Sizes> ones(List<Symbol> symbols) {
    List<Sizes> points = new ArrayList<>();
    for (Symbol one : symbols) {
      if (one.least() == 1) {
        points.add(Sizes.of(symbols, symbol -> symbol.equals(one) ? 1 : symbol.first()));
      }
    }
    points.add(Sizes.of(symbols, Symbol::least));
    return points;
  }

  private static void checkShapes(
      List<Shape> shapes, List<List<SizePolynomial>> sizes, Sizes point) {
    for (int i = 0; i < shapes.size(); i++) {
      List<Long> expected = sizes.get(i).stream().map(size -> size.at(point)).toList();
      List<Long> got = Arrays.stream(shapes.get(i).sizes()).boxed().toList();
      if (!expected.equals(got)) {
        throw new ShapeException(
            "symbolic sizes: expected an array of %s at %s, got %s; export each shape by itself"
                .formatted(expected, point, got));
      }
    }
  }

  /** Sizes are computed in 32 bits, as StableHLO gives them. */
  private static void checkWidth(List<Symbol> symbols, List<Template> templates) {
    Sizes most = Sizes.of(symbols, Symbol::most);
    for (Template template : templates) {
      for (SizePolynomial size : template.sizes()) {
        if (size.at(most) > Integer.MAX_VALUE) {
          throw new ShapeException(
              "symbolic sizes: expected at most 2^31-1, got %s = %d at %s; export smaller ranges of sizes"
                  .formatted(size, size.at(most), most));
        }
      }
    }
  }

  /**
   * The text with all types known, as compilers take it that do not find them themselves: every
   * {@code ?} is what the comment behind its line says.
   *
   * @param text of such a program; one without {@code ?} stays as it is
   * @param sizes of all symbols
   * @throws ShapeException if comments are none of such a text
   */
  public static String withSizes(String text, Sizes sizes) {
    Map<String, String> known = new HashMap<>();
    return text.lines()
        .map(line -> line.indexOf('?') < 0 ? line : withSizes(line, sizes, known))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String withSizes(String line, Sizes sizes, Map<String, String> known) {
    int comment = line.lastIndexOf(DynamicForms.COMMENT);
    String[] unknown =
        comment < 0
            ? new String[0]
            : line.substring(comment + DynamicForms.COMMENT.length()).split(", ");
    StringBuilder sized = new StringBuilder();
    int next = 0;
    for (int i = 0; i < (comment < 0 ? line.length() : comment); i++) {
      if (line.charAt(i) != '?') {
        sized.append(line.charAt(i));
      } else if (next < unknown.length) {
        sized.append(
            known.computeIfAbsent(
                unknown[next++], size -> Long.toString(SizePolynomial.parse(size).at(sizes))));
      } else {
        throw new ShapeException(
            "symbolic text: expected a size behind the line for each \"?\", got " + line.strip());
      }
    }
    return sized.toString();
  }

  private static List<String> lines(Program program) {
    return Emitter.emit(program).lines().toList();
  }

  /** Lines by number, the function's own last: what differs there differs for another's sake. */
  private static List<Integer> order(List<String> lines) {
    Comparator<Integer> signatureLast =
        Comparator.comparing(line -> lines.get(line).strip().startsWith(MAIN));
    return IntStream.range(0, lines.size()).boxed().sorted(signatureLast).toList();
  }

  private static void sameLength(List<String> one, Sizes at, List<String> other, Sizes elsewhere) {
    if (one.size() == other.size()) {
      return;
    }
    int line = 0;
    while (line < Math.min(one.size(), other.size()) - 1
        && Template.shown(one.get(line)).equals(Template.shown(other.get(line)))) {
      line++;
    }
    throw Template.differs(one.get(line), at, other.get(line), elsewhere);
  }

  /** Where the polynomials are put to the test: the middles and ends of the ranges. */
  private static List<Sizes> others(List<Symbol> symbols) {
    List<Sizes> points = new ArrayList<>();
    points.add(Sizes.of(symbols, Symbol::middle));
    for (int corner = 1; corner < 1 << symbols.size(); corner++) {
      Sizes point = Sizes.NONE;
      for (int i = 0; i < symbols.size(); i++) {
        Symbol symbol = symbols.get(i);
        point = point.with(symbol.name(), (corner >> i & 1) == 1 ? symbol.most() : symbol.first());
      }
      points.add(point);
    }
    return points;
  }

  private static void compare(
      List<Template> templates,
      List<String> lines,
      Sizes point,
      List<String> first,
      Sizes firstPoint) {
    sameLength(first, firstPoint, lines, point);
    for (int i : order(first)) {
      if (!templates.get(i).at(point).equals(lines.get(i))) {
        throw Template.differs(first.get(i), firstPoint, lines.get(i), point);
      }
    }
  }

  private static List<List<SizePolynomial>> sizes(
      List<List<Shape>> samples, Interpolation interpolation) {
    List<List<SizePolynomial>> sizes = new ArrayList<>();
    for (int array = 0; array < samples.getFirst().size(); array++) {
      List<SizePolynomial> own = new ArrayList<>();
      for (int axis = 0; axis < samples.getFirst().get(array).rank(); axis++) {
        int which = array;
        int dimension = axis;
        own.add(
            interpolation
                .through(place -> samples.get(place).get(which).sizes()[dimension])
                .orElseThrow());
      }
      sizes.add(own);
    }
    return sizes;
  }

  private static String print(
      List<Symbol> symbols,
      List<Template> templates,
      Program program,
      List<List<SizePolynomial>> inputs) {
    ShapeOperands operands = new ShapeOperands();
    for (Symbol symbol : symbols) {
      read(symbol, program, inputs, operands);
    }
    DynamicForms forms = new DynamicForms(operands);
    List<String> lines = new ArrayList<>();
    int body = 0;
    for (Template template : templates) {
      lines.addAll(forms.of(template));
      if (lines.getLast().strip().startsWith(MAIN)) {
        body = lines.size();
      }
    }
    lines.addAll(body, operands.lines().stream().map(line -> "    " + line).toList());
    return String.join("\n", lines) + "\n";
  }

  private static void read(
      Symbol symbol, Program program, List<List<SizePolynomial>> inputs, ShapeOperands operands) {
    for (int i = 0; i < inputs.size(); i++) {
      int dimension = inputs.get(i).indexOf(SizePolynomial.of(symbol.name()));
      if (dimension >= 0) {
        String dtype = program.inputs().get(i).parameter().dtype().mlir();
        operands.read(symbol.name(), "%arg" + i, dtype, inputs.get(i), dimension);
        return;
      }
    }
    throw new ShapeException(
        "symbol \"" + symbol.name() + "\": expected the size of an input's axis, got none");
  }
}
