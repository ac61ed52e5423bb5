package dev.hlotune.hlo.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.reference.NdArray;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Layers of several kinds as loops, against the same layers one after the other. */
class LayerStackTest {
  private static final Axis IN = new Axis("in", 3);
  private static final Axis OUT = new Axis("out", 3);

  static Stream<Arguments> patterns() {
    return Stream.of("aaaa", "abab", "aabaab", "abababa", "aaabb", "abc", "b")
        .flatMap(kinds -> Stream.of(Remat.values()).map(remat -> Arguments.of(kinds, remat)));
  }

  @ParameterizedTest
  @MethodSource("patterns")
  void loopsEqualLayersOneByOne(String kinds, Remat remat) {
    int layers = kinds.length();
    Map<String, NdArray> inputs =
        Map.of(
            "x", Compared.random(1, new Axis("batch", 2), IN),
            "w", Compared.random(2, new Axis(LayerStack.AXIS, layers), OUT, IN),
            "b", Compared.random(3, new Axis(LayerStack.AXIS, layers), OUT));
    Tensor x = Compared.parameter("x", inputs);
    Tensor w = Compared.parameter("w", inputs);
    Tensor b = Compared.parameter("b", inputs);
    ParamMap<Tensor> stacked =
        ParamMap.<Tensor>empty().plus("m.*.w", w).plus("m.*.b", b).plus("other", x);
    ParamMap<Tensor> apart = ParamMap.empty();
    for (int i = 0; i < layers; i++) {
      apart =
          apart
              .plus("m." + i + ".w", w.at(LayerStack.AXIS, i))
              .plus("m." + i + ".b", b.at(LayerStack.AXIS, i));
    }
    List<Integer> each = kinds.chars().boxed().toList();
    Context rows = new RowContext(x);
    Tensor loops =
        stack(layers, Layering.SCAN, remat).apply(stacked, x, rows, each, LayerStackTest::layer);
    Tensor unrolled =
        stack(layers, Layering.UNROLL, remat).apply(apart, x, rows, each, LayerStackTest::layer);
    Context kept = new PrefillContext(x);
    Tensor oneByOne =
        stack(layers, Layering.SCAN, remat).apply(stacked, x, kept, each, LayerStackTest::layer);
    Tensor plain = x;
    for (int i = 0; i < layers; i++) {
      plain = layer(each.get(i), apart.under("m." + i + "."), plain);
    }
    for (Tensor got : List.of(loops, unrolled, oneByOne)) {
      Compared.assertSameWithGradients(
          Compared.weightedTotal(plain), Compared.weightedTotal(got), List.of(x, w, b), inputs);
    }
  }

  /** What differs by kind is a factor, and whether a layer looks at its bias. */
  private static Tensor layer(int kind, ParamMap<Tensor> weights, Tensor x) {
    Tensor product =
        x.dot(weights.get("w"), "in").rename("out", "in").times(0.1 * (kind - 'a' + 1));
    Tensor bias = weights.get("b").rename("out", "in");
    return x.plus((kind == 'b' ? product : product.plus(bias.like(product))).tanh());
  }

  @Test
  void wantsAKindForEveryLayer() {
    Tensor x = Tensors.parameter("x", Compared.random(1, IN).shape());
    ShapeException thrown =
        assertThrows(
            ShapeException.class,
            () ->
                stack(3, Layering.UNROLL, Remat.NOTHING)
                    .apply(
                        ParamMap.empty(),
                        x,
                        new RowContext(x),
                        List.of(1, 2),
                        (_, _, hidden) -> hidden));
    assertEquals("layers: expected a kind for each of 3, got 2", thrown.getMessage());
  }

  private static LayerStack stack(int layers, Layering layering, Remat remat) {
    return new LayerStack("m", layers, layering, remat);
  }
}
