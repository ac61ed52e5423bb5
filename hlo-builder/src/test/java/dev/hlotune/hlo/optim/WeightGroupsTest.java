package dev.hlotune.hlo.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers by weight, and by layer where layers lie in one tensor. */
class WeightGroupsTest {
  private static final Axis LAYER = new Axis("layer", 3);
  private static final ParamMap<Shape> WEIGHTS =
      ParamMap.zip(
          List.of("wte.weight", "h.*.w"),
          List.of(
              Shape.of(DType.F32, new Axis("vocab", 2), new Axis("embed", 2)),
              Shape.of(DType.F32, LAYER, new Axis("o", 2))));

  @Test
  void aStackedWeightHasANameInFilesForEachLayer() {
    assertEquals(
        List.of("h.0.w", "h.1.w", "h.2.w"), PerWeight.names("h.*.w", WEIGHTS.get("h.*.w")));
    assertEquals(List.of("wte.weight"), PerWeight.names("wte.weight", WEIGHTS.get("wte.weight")));
  }

  @Test
  void aLayerMayHaveItsOwnRateAndDecay() {
    PerWeight rate =
        new PerWeight(name -> name.equals("h.1.w") ? 0.5 : name.startsWith("w") ? 0 : 1);
    PerWeight decay = new PerWeight(name -> name.equals("h.2.w") ? 0.1 : 0);
    Optimizer optimizer = Optimizers.sgd(0, 0, false, DType.F32, new WeightGroups(rate, decay));
    OptimizerRun run = new OptimizerRun(optimizer, WEIGHTS, new Random(1));
    double[] w = run.weights().get("h.*.w");
    double[] g = {1, 2, 3, 4, 5, 6};
    double[] before = run.weights().get("wte.weight");
    run.step(ParamMap.zip(WEIGHTS.names(), List.of(new double[] {1, 1, 1, 1}, g)), 0.1);
    assertArrayEquals(
        new double[] {
          w[0] - 0.1,
          w[1] - 0.2,
          w[2] - 0.15,
          w[3] - 0.2,
          w[4] - 0.1 * (5 + 0.1 * w[4]),
          w[5] - 0.1 * (6 + 0.1 * w[5])
        },
        run.weights().get("h.*.w"),
        1e-6);
    assertArrayEquals(before, run.weights().get("wte.weight"));
  }

  @Test
  void sidesOfAPartitionKeepStateOfDistinctNames() {
    Partition twice =
        new Partition(
            (name, _) -> name.equals("wte.weight"),
            new ScaleByAdam(0.9, 0.9, 0),
            new ScaleByAdam(0.8, 0.9, 0));
    ShapeException thrown = assertThrows(ShapeException.class, () -> twice.init(WEIGHTS));
    assertEquals(
        "optimizer state: expected distinct names on both sides, got \"adam.count\" twice",
        thrown.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "model.embed_tokens.weight, 'vocab,embed', EMBEDDING",
    "transformer.wpe.weight, 'position,embed', EMBEDDING",
    "lm_head.weight, 'vocab,embed', HEAD",
    "embed_out.weight, 'vocab,embed', HEAD",
    "lm_head.bias, vocab, VECTOR",
    "model.layers.*.mlp.up_proj.weight, 'layer,mlp,embed', MATRIX",
    "model.layers.*.input_layernorm.weight, 'layer,embed', VECTOR",
    "model.norm.weight, embed, VECTOR",
    "model.layers.*.experts.up, 'layer,expert,mlp,embed', MATRIX",
  })
  void rolesGoByAxesAndName(String name, String axes, WeightRole role) {
    Axis[] all =
        List.of(axes.split(",", -1)).stream().map(axis -> new Axis(axis, 2)).toArray(Axis[]::new);
    assertEquals(role, WeightRole.of(name, Shape.of(DType.F32, all)));
  }
}
