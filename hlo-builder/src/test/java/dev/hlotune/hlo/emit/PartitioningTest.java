package dev.hlotune.hlo.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
    String last = lines.get(lines.size() - 4);
    assertTrue(last.contains("_xla_buffer_placement = \"pinned_host\""), last);
    assertTrue(
        lines.get(lines.size() - 3).startsWith("return " + last.substring(0, last.indexOf(' '))),
        text);
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
