package dev.hlotune.hlo.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.LoraModel;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.Dropout;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.LowRank;
import dev.hlotune.hlo.nn.Noise;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.RandomBits;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is random in a step: its gradient, and that nothing but the key decides it. */
class DropoutTest {
  private static final Axis BATCH = new Axis("batch", 2);
  private static final Axis SEQ = new Axis("seq", 3);
  private static final Map<String, Object> CONFIG =
      Map.of(
          "model_type", "gpt2",
          "vocab_size", 7,
          "n_positions", 4,
          "n_embd", 4,
          "n_layer", 2,
          "n_head", 2,
          "n_inner", 4);

  private static CausalModel model(Layering layering, Remat remat) {
    CausalModel base = Families.of(new ModelConfig(CONFIG), new Layout(layering, remat));
    return new LoraModel(base, 2, LoraModel.linearLayers(base), false);
  }

  /** Values of every weight by its name in files, so that layouts agree. */
  private static NdArray values(String name, Shape shape) {
    if (name.contains(LayerStack.STACKED)) {
      Shape one = shape.without(List.of(LayerStack.AXIS));
      double[] all = new double[Math.toIntExact(shape.elements())];
      int size = Math.toIntExact(one.elements());
      for (int i = 0; i * size < all.length; i++) {
        String own = name.replace(LayerStack.STACKED, Integer.toString(i));
        System.arraycopy(values(own, one).values(), 0, all, i * size, size);
      }
      return new NdArray(shape, all);
    }
    Random random = new Random(name.hashCode());
    return new NdArray(shape, random.doubles(shape.elements()).map(value -> value - 0.5).toArray());
  }

  private static ParamMap<NdArray> point(CausalModel model, int step) {
    ParamMap<NdArray> point =
        model
            .parameters()
            .map((name, spec) ->
                name.equals(LowRank.SCALE)
                    ? NdArray.of(Shape.of(DType.F32), 1.5)
                    : values(name, spec.shape()));
    for (Dropout place : Dropout.values()) {
      point = point.plus(place.rate(), NdArray.of(Shape.of(DType.F32), 0.3));
    }
    return point
        .plus(Noise.ALPHA, NdArray.of(Shape.of(DType.F32), 5))
        .plus("seed", NdArray.of(Shape.of(DType.U32), 11))
        .plus("step", NdArray.of(Shape.of(DType.U32), step));
  }

  private static ParamMap<Tensor> parameters(ParamMap<NdArray> point) {
    return point.map((name, value) -> Tensors.parameter(name, value.shape()));
  }

  private static Tensor loss(CausalModel model, ParamMap<Tensor> weights) {
    ParamMap<Tensor> seen =
        weights.plus(Dropout.key(new RandomBits.Key(weights.get("seed"), weights.get("step"))));
    Shape ids = Shape.of(DType.I32, BATCH, SEQ);
    Tensor positions = Tensors.iota(DType.I32, SEQ).broadcast(ids.axes());
    Tensor tokens = Tensors.literal(ids, List.of(1.0, 4.0, 6.0, 2.0, 2.0, 3.0));
    Tensor hidden =
        model.hidden(seen, new CausalModel.Inputs(tokens, positions, Tensors.fill(ids, 1)));
    return CrossEntropy.weightedSum(
        new CrossEntropy.Inputs(
            hidden,
            model.head(seen),
            Tensors.literal(ids, List.of(4.0, 6.0, 1.0, 2.0, 3.0, 5.0)),
            Tensors.literal(ids.withDtype(DType.F32), List.of(1.0, 0.0, 2.0, 0.5, 1.0, 1.0))),
        true);
  }

  @ParameterizedTest
  @EnumSource(Layering.class)
  void gradientIsThatOfWhatIsLeft(Layering layering) {
    CausalModel model = model(layering, Remat.NOTHING);
    ParamMap<NdArray> point = point(model, 3);
    ParamMap<Tensor> weights = parameters(point);
    // Some of each kind: all of them would take long.
    List<String> names = new ArrayList<>();
    for (String name : model.parameters().names()) {
      if (name.contains("wpe")
          || name.contains("attn.c_attn.lora_A")
          || name.contains("mlp.c_proj.lora_B")
          || name.contains("lm_head.lora")
          || name.contains("ln_1.bias")) {
        names.add(name);
      }
    }
    Gradient.Result result =
        Gradient.of(loss(model, weights), List.of(), weights.subset(names).values());
    CentralDifferences.check(result.value(), ParamMap.zip(names, result.gradients()), point);
  }

  @Test
  void layoutsAndMemoryDropTheSame() {
    double[] first = null;
    for (Layering layering : Layering.values()) {
      for (Remat remat : Remat.values()) {
        CausalModel model = model(layering, remat);
        ParamMap<NdArray> point = point(model, 3);
        ParamMap<Tensor> weights = parameters(point);
        Gradient.Result result =
            Gradient.of(
                loss(model, weights), List.of(), List.of(weights.get("transformer.wpe.weight")));
        List<NdArray> got =
            Evaluator.evaluate(
                List.of(result.value(), result.gradients().getFirst()), point.entries());
        double[] both =
            DoubleStream.concat(
                    Arrays.stream(got.get(0).values()), Arrays.stream(got.get(1).values()))
                .toArray();
        if (first == null) {
          first = both;
        }
        assertArrayEquals(first, both, 1e-5, layering + " " + remat);
      }
    }
  }

  @Test
  void anotherStepDropsOthers() {
    CausalModel model = model(Layering.UNROLL, Remat.NOTHING);
    double[] losses = new double[4];
    for (int step = 0; step < losses.length; step++) {
      ParamMap<NdArray> point = point(model, step / 2);
      losses[step] =
          Evaluator.evaluate(List.of(loss(model, parameters(point))), point.entries())
              .getFirst()
              .scalar();
    }
    assertEquals(losses[0], losses[1]);
    assertFalse(Math.abs(losses[1] - losses[2]) < 1e-6);
  }

  @Test
  void dropsAsManyAsAsked() {
    Axis many = new Axis("many", 40_000);
    Tensor ones = Tensors.fill(Shape.of(DType.F32, many), 1);
    ParamMap<Tensor> weights =
        ParamMap.<Tensor>empty()
            .plus(Dropout.RESIDUAL.rate(), Tensors.scalar(DType.F32, 0.2))
            .plus(
                Dropout.key(
                    new RandomBits.Key(
                        Tensors.scalar(DType.U32, 1), Tensors.scalar(DType.U32, 2))));
    double[] left =
        Evaluator.evaluate(List.of(Dropout.RESIDUAL.apply(weights, "here", ones)), Map.of())
            .getFirst()
            .values();
    double[] elsewhere =
        Evaluator.evaluate(List.of(Dropout.RESIDUAL.apply(weights, "there", ones)), Map.of())
            .getFirst()
            .values();
    long zeros = Arrays.stream(left).filter(value -> value == 0).count();
    // Five standard deviations of a binomial distribution.
    assertEquals(8_000, (double) zeros, 5 * Math.sqrt(40_000 * 0.2 * 0.8));
    assertTrue(Arrays.stream(left).allMatch(value -> value == 0 || value == 1.25));
    assertFalse(Arrays.equals(left, elsewhere));
  }
}
