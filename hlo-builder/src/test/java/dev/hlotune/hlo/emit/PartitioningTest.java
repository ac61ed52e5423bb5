package dev.hlotune.hlo.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PartitioningTest {
  private static final Axis ROW = new Axis("row", 8);
  private static final Axis COLUMN = new Axis("column", 4);
  private static final List<Axis> MESH = List.of(new Axis("data", 2), new Axis("fsdp", 2));

  private static Program program() {
    Tensor state = Tensors.parameter("state", Shape.of(DType.F32, ROW, COLUMN));
    Tensor rate = Tensors.parameter("rate", Shape.of(DType.F32));
    Tensor next = state.plus(rate.like(state));
    return new Program(
        "step",
        List.of(new Program.Input(state, 0), Program.Input.kept(rate)),
        List.of(Program.Output.of("state", next), Program.Output.of("total", next.total())));
  }

  private static Partitioning partitioning(
      List<List<String>> input, List<List<String>> output, String total) {
    return new Partitioning(
        MESH, Map.of("state", input, "rate", List.of()), Map.of("state", output, total, List.of()));
  }

  private static String failure(Partitioning partitioning) {
    return Objects.requireNonNull(
        assertThrows(ShapeException.class, () -> Emitter.emit(program(), partitioning))
            .getMessage());
  }

  @Test
  void fetchesWhatLiesOnTheHostAndPutsItBack() {
    String text = Emitter.emit(program(), Partitioning.none(), Set.of("state", "another"));
    List<String> lines =
        text.lines().map(line -> line.replaceAll(" loc\\(.*?\\)", "").strip()).toList();
    assertEquals(
        "func.func public @main(%arg0: tensor<8x4xf32> {mhlo.memory_kind = \"pinned_host\","
            + " tf.aliasing_output = 0 : i32}, %arg1: tensor<f32>) -> (tensor<8x4xf32>"
            + " {mhlo.memory_kind = \"pinned_host\"}, tensor<f32>) {",
        lines.get(1));
    assertEquals(
        "%0 = stablehlo.custom_call @annotate_device_placement(%arg0) {has_side_effect = true,"
            + " mhlo.frontend_attributes = {_xla_buffer_placement = \"device\"}} :"
            + " (tensor<8x4xf32>) -> tensor<8x4xf32>",
        lines.get(2));
    assertEquals(
        "%3 = stablehlo.custom_call @annotate_device_placement(%2) {has_side_effect = true,"
            + " mhlo.frontend_attributes = {_xla_buffer_placement = \"pinned_host\"}} :"
            + " (tensor<8x4xf32>) -> tensor<8x4xf32>",
        lines.get(5));
    assertTrue(lines.get(lines.size() - 3).startsWith("return %3, "), text);
  }

  /** Compilers fetch all at once what nothing holds back, and the device then has all of it. */
  @Test
  void fetchesOneAfterAnother() {
    Tensor gradient = floats("g", ROW);
    Tensor first = floats("first", ROW);
    Tensor second = floats("second", ROW);
    Tensor count = Tensors.parameter("count", Shape.of(DType.F32));
    Tensor rate = count.plus(1);
    Program program =
        new Program(
            "step",
            List.of(
                Program.Input.kept(gradient),
                new Program.Input(first, 2),
                new Program.Input(second, 3),
                new Program.Input(count, 4)),
            List.of(
                Program.Output.of("a", first.plus(gradient.times(2)).times(rate.like(first))),
                Program.Output.of("b", second.plus(gradient)),
                Program.Output.of("first", first.plus(gradient.times(2))),
                Program.Output.of("second", second.plus(gradient.times(3))),
                Program.Output.of("count", rate),
                Program.Output.of("norm", gradient.total())));
    List<String> lines =
        Emitter.emit(program, Partitioning.none(), Set.of("first", "second", "count"))
            .lines()
            .map(line -> line.replaceAll(" loc\\(.*?\\)| \\{has_side.*?\\}\\}", "").strip())
            .toList();
    List<String> moves =
        lines.stream()
            .filter(line -> line.contains("barrier") || line.contains("placement"))
            .map(line -> line.replaceAll("stablehlo.(custom_call @)?| :.*", ""))
            .toList();
    // Behind the norm and the new count, %4 and %2, comes the first; once it is back, the second.
    assertEquals(
        """
        %0 = annotate_device_placement(%arg3)
        %5:3 = optimization_barrier %arg1, %2, %4
        %6 = annotate_device_placement(%5#0)
        %15 = annotate_device_placement(%14)
        %16 = annotate_device_placement(%2)
        %17:3 = optimization_barrier %arg2, %15, %16
        %18 = annotate_device_placement(%17#0)
        %23 = annotate_device_placement(%22)\
        """,
        String.join("\n", moves));
    assertTrue(
        lines.get(lines.size() - 3).matches("return %\\d+, %\\d+, %17#1, %23, %17#2, %4 : .*"),
        lines.get(lines.size() - 3));
  }

  @Test
  void printsTheMeshAndEveryPlacement() {
    List<List<String>> split = List.of(List.of("data", "fsdp"), List.of());
    List<String> lines =
        Emitter.emit(program(), partitioning(split, split, "total")).lines().limit(3).toList();
    assertEquals(
        """
        module @step attributes {mhlo.num_partitions = 4 : i32, mhlo.num_replicas = 1 : i32} {
          sdy.mesh @mesh = <["data"=2, "fsdp"=2]>
          func.func public @main(\
        %arg0: tensor<8x4xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"data", "fsdp"}, {}]>, \
        tf.aliasing_output = 0 : i32} loc("state"), \
        %arg1: tensor<f32> {sdy.sharding = #sdy.sharding<@mesh, []>} loc("rate")) -> (\
        tensor<8x4xf32> {sdy.sharding = #sdy.sharding<@mesh, [{"data", "fsdp"}, {}]>}, \
        tensor<f32> {sdy.sharding = #sdy.sharding<@mesh, []>}) {\
        """,
        String.join("\n", lines));
  }

  /** A function's lines by rules of computation and of weights; other roles have none. */
  private static String inside(Tensor output, Tensor... parameters) {
    Map<String, List<List<String>>> inputs = new HashMap<>();
    for (Tensor parameter : parameters) {
      inputs.put(((Op.Parameter) parameter.op()).name(), whole(parameter));
    }
    Map<String, List<String>> used =
        Map.of("row", List.of("data"), "place", List.of("fsdp"), "third", List.of("data"));
    Map<String, List<String>> stored = Map.of("column", List.of("fsdp"));
    return Emitter.emit(
            new Program(
                "inside",
                Stream.of(parameters).map(Program.Input::kept).toList(),
                List.of(Program.Output.of("y", output))),
            new Partitioning(
                MESH,
                inputs,
                Map.of("y", whole(output)),
                Map.of(Role.ACTIVATION, used, Role.WEIGHT, stored)))
        .lines()
        .filter(line -> line.startsWith("    %"))
        .map(line -> line.replaceAll(" loc\\(.*", "").strip())
        .collect(Collectors.joining("\n"));
  }

  private static List<List<String>> whole(Tensor tensor) {
    return Collections.nCopies(tensor.shape().rank(), List.of());
  }

  private static Tensor floats(String name, Axis... axes) {
    return Tensors.parameter(name, Shape.of(DType.F32, axes));
  }

  @Test
  void printsWhereStatesLie() {
    Tensor x = floats("x", COLUMN, ROW);
    assertEquals(
        """
        %0 = sdy.sharding_constraint %arg0 <@mesh, [{}, {"data"}]> : tensor<4x8xf32>
        %1 = stablehlo.exponential %0 : tensor<4x8xf32>\
        """,
        inside(x.constrain(Role.ACTIVATION).exp(), x));
  }

  /** First where it is stored, and behind what has to be there. */
  @Test
  void putsWeightsTogether() {
    Axis inner = new Axis("inner", 3);
    Tensor x = floats("x", ROW, COLUMN);
    Tensor weight = floats("w", COLUMN, inner);
    assertEquals(
        """
        %0:2 = stablehlo.optimization_barrier %arg1, %arg0 : tensor<4x3xf32>, tensor<8x4xf32>
        %1 = sdy.sharding_constraint %0#0 <@mesh, [{"fsdp"}, {}]> : tensor<4x3xf32>
        %2 = sdy.sharding_constraint %1 <@mesh, [{}, {}]> : tensor<4x3xf32>
        %3 = stablehlo.dot_general %arg0, %2, contracting_dims = [1] x [0] :\
         (tensor<8x4xf32>, tensor<4x3xf32>) -> tensor<8x3xf32>\
        """,
        inside(x.dot(Tensors.ready(weight, x), "column"), x, weight));
    // Stored as it is used, it needs no more than that.
    Tensor other = floats("w", inner, new Axis("more", 8));
    assertEquals(
        """
        %0 = sdy.sharding_constraint %arg0 <@mesh, [{}, {}]> : tensor<3x8xf32>
        %1 = stablehlo.exponential %0 : tensor<3x8xf32>\
        """,
        inside(Tensors.ready(other, x).exp(), other, x));
  }

  @Test
  void leavesAloneWhatHasNoRules() {
    Tensor x = floats("x", ROW);
    assertEquals(
        "%0 = stablehlo.exponential %arg0 : tensor<8xf32>",
        inside(x.constrain(Role.STATE).constrain(Role.GRADIENT).exp(), x));
  }

  /** A dimension that is split begins a new one where it is not the first of its group. */
  @Test
  void keepsSplitDimensionsApart() {
    Axis place = new Axis("place", 6);
    Axis inner = new Axis("inner", 3);
    Tensor x = floats("x", ROW, place, COLUMN);
    Tensor weight = floats("w", COLUMN, inner);
    assertEquals(
        """
        %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [2] x [0] :\
         (tensor<8x6x4xf32>, tensor<4x3xf32>) -> tensor<8x6x3xf32>\
        """,
        inside(x.dot(weight, "column"), x, weight));
    Tensor y = floats("y", ROW, place, inner);
    assertEquals(
        """
        %0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [0, 1] x [0, 1] :\
         (tensor<8x6x4xf32>, tensor<8x6x3xf32>) -> tensor<4x3xf32>\
        """,
        inside(x.dot(y, "row", "place"), x, y));
    Tensor z = floats("z", ROW, place, COLUMN);
    assertEquals(
        """
        %0 = stablehlo.dot_general %arg0, %arg1, batching_dims = [0, 1] x [0, 1],\
         contracting_dims = [2] x [2] :\
         (tensor<8x6x4xf32>, tensor<8x6x4xf32>) -> tensor<8x6xf32>\
        """,
        inside(x.dot(z, "column"), x, z));
  }

  @Test
  void refusesRulesThatDoNotFit() {
    Tensor x = floats("x", ROW, new Axis("third", 6));
    assertEquals(
        "placement of f32[row=8, third=6]: expected each mesh axis to split one axis, got"
            + " \"data\" for \"row\" and \"third\"; take it out of one of the two rules",
        assertThrows(ShapeException.class, () -> inside(x.constrain(Role.ACTIVATION), x))
            .getMessage());
    assertEquals(
        "activation rule \"row\": expected mesh axes among [data=2, fsdp=2], each once, got"
            + " [[tensor]]",
        assertThrows(
                ShapeException.class,
                () ->
                    new Partitioning(
                        MESH,
                        Map.of(),
                        Map.of(),
                        Map.of(Role.ACTIVATION, Map.of("row", List.of("tensor")))))
            .getMessage());
  }

  @Test
  void printsNoAnnotationForOneDevice() {
    String plain = Emitter.emit(program());
    assertTrue(plain.contains("mhlo.num_partitions = 1 : i32"), plain);
    assertTrue(!plain.contains("sdy"), plain);
    List<List<String>> whole = List.of(List.of(), List.of());
    Partitioning one =
        new Partitioning(
            List.of(),
            Map.of("state", whole, "rate", List.of()),
            Map.of("state", whole, "total", List.of()));
    assertEquals(plain, Emitter.emit(program(), one));
  }

  @Test
  void refusesAxesThatTheMeshLacks() {
    String message =
        assertThrows(
                ShapeException.class,
                () -> new Partitioning(MESH, Map.of("x", List.of(List.of("tensor"))), Map.of()))
            .getMessage();
    assertEquals(
        "input \"x\": expected mesh axes among [data=2, fsdp=2], each once, got [[tensor]]",
        message);
    assertThrows(
        ShapeException.class,
        () ->
            new Partitioning(
                MESH, Map.of(), Map.of("x", List.of(List.of("data"), List.of("data")))));
    assertThrows(
        ShapeException.class,
        () ->
            new Partitioning(
                List.of(new Axis("data", 2), new Axis("data", 4)), Map.of(), Map.of()));
  }

  @Test
  void refusesPlacementsOfAnotherProgram() {
    List<List<String>> whole = List.of(List.of(), List.of());
    assertEquals(
        "input \"state\": expected a placement with an entry for each of [row=8, column=4],"
            + " got [[data]]",
        failure(partitioning(List.of(List.of("data")), whole, "total")));
    assertEquals(
        "placements: expected names of the program's outputs, got [sum] besides",
        failure(partitioning(whole, whole, "sum")));
    assertEquals(
        "output \"state\": expected a placement with an entry for each of [row=8, column=4],"
            + " got none",
        failure(
            new Partitioning(
                MESH, Map.of("state", whole, "rate", List.of()), Map.of("total", List.of()))));
  }

  @Test
  void refusesADonationBetweenPlacements() {
    assertEquals(
        "input \"state\" donated to output \"state\": expected one placement,"
            + " got [[data], []] and [[fsdp], []]",
        failure(
            partitioning(
                List.of(List.of("data"), List.of()),
                List.of(List.of("fsdp"), List.of()),
                "total")));
  }
}
