package dev.hlotune.hlo.symbolic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.emit.Emitter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Texts alone; what they compute is compared where there is a compiler, by the exports' tests. */
class SymbolicProgramTest {
  private static final List<Symbol> SYMBOLS =
      List.of(new Symbol("batch", 1, 16), new Symbol("seq", 1, 100));
  private static final Pattern VALUE =
      Pattern.compile("^ *(%[\\w.]+)(?::\\d+)? = .*?(tensor<[^>]*>)( loc\\(.*\\))?$");
  private static final Pattern OPERATION = Pattern.compile("= \"?(\\w+\\.\\w+)");

  /** A program of {@code x[batch, seq, embed]} and {@code at}, a place. */
  private static Function<Sizes, Program> program(BinaryOperator<Tensor> body) {
    return sizes -> {
      Tensor x =
          Tensors.parameter(
              "x",
              Shape.of(
                  DType.F32,
                  new Axis("batch", sizes.get("batch")),
                  new Axis("seq", sizes.get("seq")),
                  new Axis("embed", 8)));
      Tensor at = Tensors.parameter("at", Shape.of(DType.I32));
      return new Program(
          "test",
          List.of(Program.Input.kept(x), Program.Input.kept(at)),
          List.of(Program.Output.of("y", body.apply(x, at))));
    };
  }

  private static Sizes sizes(int batch, int seq) {
    return Sizes.NONE.with("batch", batch).with("seq", seq);
  }

  /** The type of each value, by its name. */
  private static Map<String, String> types(String text) {
    Map<String, String> types = new LinkedHashMap<>();
    text.lines()
        .forEach(line -> {
          Matcher matcher = VALUE.matcher(line);
          if (matcher.matches()) {
            types.put(matcher.group(1), matcher.group(2));
          }
        });
    return types;
  }

  /** The text, whose values have at every size the types that the emitter gives them there. */
  private static String checked(BinaryOperator<Tensor> body) {
    Function<Sizes, Program> programs = program(body);
    SymbolicProgram symbolic = SymbolicProgram.of(SYMBOLS, programs);
    for (Sizes sizes : List.of(sizes(2, 2), sizes(3, 17), sizes(16, 99))) {
      String sized = SymbolicProgram.withSizes(symbolic.text(), sizes);
      assertFalse(sized.contains("?"), sized);
      Map<String, String> expected = types(Emitter.emit(programs.apply(sizes)));
      Map<String, String> found = types(sized);
      assertFalse(expected.isEmpty());
      expected.forEach((name, type) -> assertEquals(type, found.get(name), name + " at " + sizes));
    }
    return symbolic.text();
  }

  private static List<String> operations(String text) {
    List<String> operations = new ArrayList<>();
    Matcher matcher = OPERATION.matcher(text);
    while (matcher.find()) {
      operations.add(matcher.group(1).substring(matcher.group(1).indexOf('.') + 1));
    }
    return operations;
  }

  private static void assertHas(String operation, String text) {
    assertTrue(operations(text).contains(operation), text);
  }

  @Test
  void printsShapesAsOperands() {
    SymbolicProgram symbolic =
        SymbolicProgram.of(
            SYMBOLS,
            program(
                (x, at) -> x.merge(List.of("batch", "seq"), "token").plus(1).slice("embed", 2, 3)));
    String text = symbolic.text().replaceAll(" loc\\(\"(?!x|at)[^)]*\\)", "");
    assertEquals(
        """
        module @test attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {
          func.func public @main(%arg0: tensor<?x?x8xf32> loc("x"), %arg1: tensor<i32> loc("at")) -> (tensor<?x3xf32>) { // batch, seq, batch*seq
            %batch = stablehlo.get_dimension_size %arg0, dim = 0 : (tensor<?x?x8xf32>) -> tensor<i32> // batch, seq
            %seq = stablehlo.get_dimension_size %arg0, dim = 1 : (tensor<?x?x8xf32>) -> tensor<i32> // batch, seq
            %size.0 = stablehlo.multiply %batch, %seq : tensor<i32>
            %size.1 = stablehlo.reshape %size.0 : (tensor<i32>) -> tensor<1xi32>
            %size.2 = stablehlo.constant dense<[8]> : tensor<1xi32>
            %size.3 = stablehlo.concatenate %size.1, %size.2, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
            %size.4 = stablehlo.constant dense<[0, 2]> : tensor<2xi32>
            %size.5 = stablehlo.constant dense<[5]> : tensor<1xi32>
            %size.6 = stablehlo.concatenate %size.1, %size.5, dim = 0 : (tensor<1xi32>, tensor<1xi32>) -> tensor<2xi32>
            %size.7 = stablehlo.constant dense<[1, 1]> : tensor<2xi32>
            %0 = stablehlo.dynamic_reshape %arg0, %size.3 : (tensor<?x?x8xf32>, tensor<2xi32>) -> tensor<?x8xf32> // batch, seq, batch*seq
            %value.1 = stablehlo.constant dense<1.0> : tensor<f32>
            %1 = stablehlo.dynamic_broadcast_in_dim %value.1, %size.3, dims = [] : (tensor<f32>, tensor<2xi32>) -> tensor<?x8xf32> // batch*seq
            %2 = stablehlo.add %0, %1 : tensor<?x8xf32> // batch*seq
            %3 = stablehlo.real_dynamic_slice %2, %size.4, %size.6, %size.7 : (tensor<?x8xf32>, tensor<2xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<?x3xf32> // batch*seq, batch*seq
            return %3 : tensor<?x3xf32> // batch*seq
          }
        }
        """,
        text);
    assertEquals("[[batch, seq, 8], []]", symbolic.inputs().toString());
    assertEquals("[[batch*seq, 3]]", symbolic.outputs().toString());
  }

  @Test
  void findsTypesOfAllOperations() {
    assertHas(
        "dynamic_iota",
        checked(
            (x, at) -> x.times(Tensors.iota(DType.I32, x.axis("seq")).convert(DType.F32).like(x))));
    String padded = checked((x, at) -> x.pad("seq", 0, 3 * x.axis("seq").size()));
    assertHas("dynamic_pad", padded);
    assertTrue(padded.contains("// batch, seq, batch, 4*seq"), padded);
    assertHas("pad", checked((x, at) -> x.pad("seq", 2, 3).pad("embed", 1, 0)));
    assertHas(
        "concatenate", checked((x, at) -> Tensors.concat("seq", List.of(x, x.slice("seq", 0, 1)))));
    assertHas("dynamic_slice", checked((x, at) -> flat(x).dynamicSlice("token", at, 1)));
    assertHas("real_dynamic_slice", checked((x, at) -> x.dynamicSlice("embed", at, 2)));
    assertHas(
        "dynamic_update_slice",
        checked((x, at) -> x.dynamicUpdate("seq", at, x.slice("seq", 0, 1))));
    assertHas("sort", checked((x, at) -> Tensors.sort("seq", x, x.plus(1)).get(1)));
    assertHas("reduce", checked((x, at) -> x.sum("batch", "embed")));
    assertHas("transpose", checked((x, at) -> x.merge(List.of("embed", "batch"), "both")));
    assertHas(
        "dot_general", checked((x, at) -> x.dot(x.rename("seq", "other"), "embed").sum("other")));
    assertHas(
        "scatter",
        checked((x, at) -> {
          Tensor places = Tensors.iota(DType.I32, x.axis("seq"));
          return x.scatterAdd("seq", places.rename("seq", "place"), x.rename("seq", "place"));
        }));
    assertHas(
        "while",
        checked((x, at) ->
            Tensors.whileLoop(
                    List.of(at, x),
                    now -> now.getFirst().compare(Comparison.LT, 9),
                    now -> List.of(now.getFirst().plus(1), now.get(1).times(2)))
                .get(1)));
  }

  @Test
  void walksAxesOfAnySize() {
    String text =
        checked((x, at) ->
            Tensors.scan(
                    x.axis("seq"),
                    List.of(x.sum("seq")),
                    List.of(x),
                    Remat.NOTHING,
                    (carry, slices) ->
                        new Tensors.Step(
                            List.of(carry.getFirst().plus(slices.getFirst())),
                            List.of(slices.getFirst())))
                .stacked()
                .getFirst());
    assertHas("real_dynamic_slice", text);
    // How often it goes round is a size.
    assertTrue(text.contains("stablehlo.convert %seq : (tensor<i32>) -> tensor<i32>"), text);
  }

  private static Tensor flat(Tensor x) {
    return x.merge(List.of("batch", "seq"), "token");
  }

  private static void assertRefused(String message, BinaryOperator<Tensor> body) {
    assertEquals(
        message,
        String.valueOf(
                assertThrows(ShapeException.class, () -> SymbolicProgram.of(SYMBOLS, program(body)))
                    .getMessage())
            .replaceAll("SymbolicProgramTest.java:\\d+", "HERE"));
  }

  @Test
  void refusesConstantsThatAreNoSizes() {
    assertRefused(
        "symbolic sizes: expected numbers that are polynomials of [batch, seq] with whole"
            + " coefficients, got others in stablehlo.constant of HERE; export each shape by itself",
        (x, at) -> x.times(1.0 / x.axis("seq").size()));
    assertRefused(
        "symbolic sizes: expected no tables or attributes that depend on [seq, batch], got some in"
            + " stablehlo.constant of HERE; export each shape by itself",
        (x, at) -> x.times(x.axis("seq").size()));
  }

  @Test
  void refusesProgramsThatAreOthersElsewhere() {
    assertRefused(
        "symbolic sizes: expected one program for all sizes, got stablehlo.add of HERE at"
            + " {batch=2, seq=2} where it has stablehlo.constant of HERE at {batch=2, seq=100};"
            + " export smaller ranges of sizes, or each shape by itself",
        (x, at) -> x.axis("seq").size() > 70 ? x.plus(1) : x.plus(x));
    assertRefused(
        "symbolic sizes: expected one program for all sizes, got stablehlo.pad of HERE at"
            + " {batch=2, seq=2} where it has stablehlo.pad of HERE at {batch=9, seq=51};"
            + " export smaller ranges of sizes, or each shape by itself",
        (x, at) -> x.pad("embed", 0, 1 + x.axis("seq").size() / 10));
  }

  /** Sizes of 1 are not among those that lines are found from. */
  @Test
  void refusesWhatIsNothingAtOne() {
    assertRefused(
        "slice of seq=1: expected a part of it, got 0 from 1",
        (x, at) -> x.slice("seq", 1, x.axis("seq").size() - 1));
    assertRefused(
        "symbolic sizes: expected an array of [2, 1, 8] at {batch=2, seq=1}, got [2, 2, 8]; export"
            + " each shape by itself",
        (x, at) -> x.axis("seq").size() == 1 ? Tensors.concat("seq", List.of(x, x)) : x);
  }

  @Test
  void refusesSizesOfMoreThan32Bits() {
    List<Symbol> large = List.of(new Symbol("batch", 1, 65536), new Symbol("seq", 1, 65536));
    assertEquals(
        "symbolic sizes: expected at most 2^31-1, got batch*seq = 4294967296 at {batch=65536,"
            + " seq=65536}; export smaller ranges of sizes",
        assertThrows(
                ShapeException.class,
                () ->
                    SymbolicProgram.of(
                        large,
                        program((x, at) -> {
                          double size = (double) x.axis("batch").size() * x.axis("seq").size();
                          return x.plus(Tensors.scalar(DType.U32, size).convert(DType.F32).like(x));
                        })))
            .getMessage());
  }

  @Test
  void refusesTextsWithoutSizes() {
    assertEquals(
        "symbolic text: expected a size behind the line for each \"?\", got %0 = op : tensor<?x2xf32>",
        assertThrows(
                ShapeException.class,
                () -> SymbolicProgram.withSizes("  %0 = op : tensor<?x2xf32>\n", Sizes.NONE))
            .getMessage());
    String fixed = Emitter.emit(program((x, at) -> x.plus(x)).apply(sizes(2, 3)));
    assertEquals(fixed, SymbolicProgram.withSizes(fixed, Sizes.NONE));
  }
}
