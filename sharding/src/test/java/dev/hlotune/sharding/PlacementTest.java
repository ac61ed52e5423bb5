package dev.hlotune.sharding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.emit.Emitter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final Mesh MESH = Mesh.of(new Axis("data", 2), new Axis("fsdp", 4));
  private static final Shape WEIGHT =
      Shape.of(DType.F32, new Axis("vocab", 64), new Axis("embed", 32));

  private static String failure(Runnable wrong) {
    return Objects.requireNonNull(assertThrows(ShapeException.class, wrong::run).getMessage());
  }

  /** Placements of the model's weights, the second layer left out, and of a batch. */
  private static String golden(AxisRules rules) {
    return ProgramPlacement.of(TinyGpt2.gradient(), rules).inputs().stream()
        .filter(entry -> !entry.getKey().startsWith("transformer.h.1."))
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void dataParallelKeepsWeightsWhole() {
    assertEquals(
        """
        transformer.wte.weight f32[vocab=64, embed=32]
        transformer.wpe.weight f32[position=16, embed=32]
        transformer.h.0.ln_1.weight f32[embed=32]
        transformer.h.0.ln_1.bias f32[embed=32]
        transformer.h.0.attn.c_attn.weight f32[embed=32, qkv=96]
        transformer.h.0.attn.c_attn.bias f32[qkv=96]
        transformer.h.0.attn.c_proj.weight f32[attention=32, embed=32]
        transformer.h.0.attn.c_proj.bias f32[embed=32]
        transformer.h.0.ln_2.weight f32[embed=32]
        transformer.h.0.ln_2.bias f32[embed=32]
        transformer.h.0.mlp.c_fc.weight f32[embed=32, mlp=128]
        transformer.h.0.mlp.c_fc.bias f32[mlp=128]
        transformer.h.0.mlp.c_proj.weight f32[mlp=128, embed=32]
        transformer.h.0.mlp.c_proj.bias f32[embed=32]
        transformer.ln_f.weight f32[embed=32]
        transformer.ln_f.bias f32[embed=32]
        tokens i32[batch=8@data+fsdp, seq=16]
        targets i32[batch=8@data+fsdp, seq=16]
        segments i32[batch=8@data+fsdp, seq=16]
        positions i32[batch=8@data+fsdp, seq=16]
        weights f32[batch=8@data+fsdp, seq=16]
        """,
        golden(new AxisRules(MESH, Map.of("batch", List.of("data", "fsdp")))));
  }

  @Test
  void fullyShardedSplitsEveryWeightWithTheEmbedding() {
    assertEquals(
        """
        transformer.wte.weight f32[vocab=64, embed=32@fsdp]
        transformer.wpe.weight f32[position=16, embed=32@fsdp]
        transformer.h.0.ln_1.weight f32[embed=32@fsdp]
        transformer.h.0.ln_1.bias f32[embed=32@fsdp]
        transformer.h.0.attn.c_attn.weight f32[embed=32@fsdp, qkv=96]
        transformer.h.0.attn.c_attn.bias f32[qkv=96]
        transformer.h.0.attn.c_proj.weight f32[attention=32, embed=32@fsdp]
        transformer.h.0.attn.c_proj.bias f32[embed=32@fsdp]
        transformer.h.0.ln_2.weight f32[embed=32@fsdp]
        transformer.h.0.ln_2.bias f32[embed=32@fsdp]
        transformer.h.0.mlp.c_fc.weight f32[embed=32@fsdp, mlp=128]
        transformer.h.0.mlp.c_fc.bias f32[mlp=128]
        transformer.h.0.mlp.c_proj.weight f32[mlp=128, embed=32@fsdp]
        transformer.h.0.mlp.c_proj.bias f32[embed=32@fsdp]
        transformer.ln_f.weight f32[embed=32@fsdp]
        transformer.ln_f.bias f32[embed=32@fsdp]
        tokens i32[batch=8@data+fsdp, seq=16]
        targets i32[batch=8@data+fsdp, seq=16]
        segments i32[batch=8@data+fsdp, seq=16]
        positions i32[batch=8@data+fsdp, seq=16]
        weights f32[batch=8@data+fsdp, seq=16]
        """,
        golden(
            new AxisRules(
                MESH, Map.of("batch", List.of("data", "fsdp"), "embed", List.of("fsdp")))));
  }

  @Test
  void dividesTheShapeByTheMesh() {
    Placement placement =
        new AxisRules(MESH, Map.of("vocab", List.of("fsdp", "data"))).place(WEIGHT);
    assertEquals(
        Shape.of(DType.F32, new Axis("vocab", 8), new Axis("embed", 32)), placement.shard());
    // The rule names fsdp first, so its coordinate is the outer one; the mesh has data outside.
    assertEquals(List.of(0, 2, 4, 6, 1, 3, 5, 7), blocks(placement));
    assertEquals(
        List.of(0, 1, 2, 3, 4, 5, 6, 7),
        blocks(new AxisRules(MESH, Map.of("vocab", List.of("data", "fsdp"))).place(WEIGHT)));
    assertEquals(WEIGHT, Placement.replicated(MESH, WEIGHT).shard());
  }

  private static List<Integer> blocks(Placement placement) {
    return java.util.stream.IntStream.range(0, MESH.deviceCount())
        .mapToObj(device -> placement.block(device, 0))
        .toList();
  }

  @Test
  void oneDeviceNeedsNoCaseOfItsOwn() {
    String plain = Emitter.emit(TinyGpt2.gradient());
    Mesh ones = Mesh.of(new Axis("data", 1), new Axis("fsdp", 1));
    for (AxisRules rules :
        List.of(
            new AxisRules(new Mesh(List.of()), Map.of()),
            new AxisRules(
                ones, Map.of("batch", List.of("data", "fsdp"), "embed", List.of("fsdp"))))) {
      assertEquals(
          plain,
          Emitter.emit(
              TinyGpt2.gradient(), ProgramPlacement.of(TinyGpt2.gradient(), rules).partitioning()));
    }
  }

  @Test
  void refusesAnUnknownMeshAxis() {
    assertEquals(
        "axis rule \"embed\": expected mesh axes among [data=2, fsdp=4], got \"fdsp\"",
        failure(() -> new AxisRules(MESH, Map.of("embed", List.of("fdsp")))));
    assertEquals(
        "mesh axis \"tensor\": expected one of [data=2, fsdp=4]",
        failure(() -> new Placement(MESH, WEIGHT, List.of(List.of("tensor"), List.of()))));
  }

  @Test
  void refusesTwoRulesForOneMeshAxis() {
    assertEquals(
        "placement of f32[vocab=64, embed=32]: expected each mesh axis to split one axis, got"
            + " \"fsdp\" for \"vocab\" and \"embed\"; take it out of one of the two rules",
        failure(() ->
            new AxisRules(MESH, Map.of("vocab", List.of("fsdp"), "embed", List.of("fsdp")))
                .place(WEIGHT)));
  }

  @Test
  void refusesUnequalBlocks() {
    Shape words = Shape.of(DType.F32, new Axis("vocab", 50257));
    assertEquals(
        "placement of f32[vocab=50257]: expected \"vocab\" to be a multiple of 8 (mesh axes"
            + " [data, fsdp]), got 50257; change the sizes of these mesh axes, or split another"
            + " axis than \"vocab\"",
        failure(() -> new AxisRules(MESH, Map.of("vocab", List.of("data", "fsdp"))).place(words)));
  }

  @Test
  void refusesMeshesThatDoNotAgree() {
    assertEquals(
        "mesh: expected distinct axes, got [data=2, data=4]",
        failure(() -> Mesh.of(new Axis("data", 2), new Axis("data", 4))));
    ProgramPlacement whole =
        ProgramPlacement.of(TinyGpt2.gradient(), new AxisRules(MESH, Map.of()));
    assertEquals(
        "placement of \"transformer.wte.weight\": expected mesh [], got [data=2, fsdp=4]",
        failure(() -> new ProgramPlacement(new Mesh(List.of()), whole.inputs(), whole.outputs())));
  }
}
