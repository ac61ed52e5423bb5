package dev.hlotune.hlo.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Optimizers against the same formulas as plain loops over doubles. */
class OptimizerTest {
  private static final int STEPS = 20;
  private static final ParamMap<Shape> WEIGHTS =
      ParamMap.zip(
          List.of("h.weight", "h.bias"),
          List.of(
              Shape.of(DType.F32, new Axis("i", 2), new Axis("o", 3)),
              Shape.of(DType.F32, new Axis("o", 3))));

  private final Random random = new Random(5);

  @Test
  void adamwWithClippingAndDecay() {
    Optimizer.AdamW settings = new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.1, 1.0);
    OptimizerRun run =
        new OptimizerRun(Optimizer.adamw(settings, DecayMask::decays), WEIGHTS, random);
    ParamMap<double[]> weights = run.weights();
    ParamMap<double[]> first = weights.map(w -> new double[w.length]);
    ParamMap<double[]> second = weights.map(w -> new double[w.length]);
    for (int step = 1; step <= STEPS; step++) {
      double rate = 0.01 / step;
      ParamMap<double[]> gradients = run.gradients(random, step % 3 == 0 ? 0.01 : 2);
      double norm = norm(gradients);
      assertEquals(norm, run.step(gradients, rate).get("grad_norm"), 1e-6 * norm);
      for (String name : WEIGHTS.names()) {
        double[] w = weights.get(name);
        double[] m = first.get(name);
        double[] v = second.get(name);
        for (int i = 0; i < w.length; i++) {
          double g = gradients.get(name)[i] * Math.min(1, 1.0 / (norm + 1e-6));
          w[i] -= rate * (name.equals("h.weight") ? 0.1 : 0) * w[i];
          m[i] = 0.9 * m[i] + 0.1 * g;
          v[i] = 0.999 * v[i] + 0.001 * g * g;
          double denominator = Math.sqrt(v[i]) / Math.sqrt(1 - Math.pow(0.999, step)) + 1e-8;
          w[i] -= rate / (1 - Math.pow(0.9, step)) * m[i] / denominator;
        }
        assertArrayEquals(w, run.weights().get(name), 1e-6, name + " after step " + step);
      }
    }
    assertEquals(STEPS, run.state().get("adam.count").scalar());
    assertArrayEquals(first.get("h.bias"), run.state().get("adam.m.h.bias").values(), 1e-6);
    assertArrayEquals(second.get("h.bias"), run.state().get("adam.v.h.bias").values(), 1e-6);
  }

  @Test
  void gradientDescentWithMomentum() {
    for (boolean nesterov : new boolean[] {false, true}) {
      OptimizerRun run = new OptimizerRun(Optimizer.sgd(0.9, nesterov, 0), WEIGHTS, random);
      ParamMap<double[]> weights = run.weights();
      ParamMap<double[]> buffers = weights.map(w -> new double[w.length]);
      for (int step = 1; step <= STEPS; step++) {
        ParamMap<double[]> gradients = run.gradients(random, 1);
        assertEquals(norm(gradients), run.step(gradients, 0.1).get("grad_norm"), 1e-5);
        for (String name : WEIGHTS.names()) {
          double[] w = weights.get(name);
          double[] buffer = buffers.get(name);
          for (int i = 0; i < w.length; i++) {
            double g = gradients.get(name)[i];
            buffer[i] = step == 1 ? g : 0.9 * buffer[i] + g;
            w[i] -= 0.1 * (nesterov ? g + 0.9 * buffer[i] : buffer[i]);
          }
          assertArrayEquals(w, run.weights().get(name), 1e-5);
        }
      }
    }
  }

  @Test
  void plainGradientDescentKeepsNoState() {
    Optimizer optimizer = Optimizer.sgd(0, false, 1);
    assertEquals(0, optimizer.init(WEIGHTS).size());
    OptimizerRun run = new OptimizerRun(optimizer, WEIGHTS, random);
    double[] before = run.weights().get("h.bias");
    ParamMap<double[]> gradients =
        ParamMap.zip(WEIGHTS.names(), List.of(new double[6], new double[] {3, 0, 4}));
    assertEquals(5, run.step(gradients, 0.5).get("grad_norm"), 1e-6);
    double[] moved = {before[0] - 0.3, before[1], before[2] - 0.4};
    assertArrayEquals(moved, run.weights().get("h.bias"), 1e-6);
  }

  @Test
  void keepsStateInSinglePrecisionForHalfWeights() {
    ParamMap<Shape> half = WEIGHTS.map(shape -> shape.withDtype(DType.BF16));
    Optimizer optimizer =
        Optimizer.adamw(new Optimizer.AdamW(0.9, 0.95, 1e-8, 0, 0), DecayMask::decays);
    ParamMap<Tensor> weights = half.map(Tensors::parameter);
    ParamMap<Tensor> state = optimizer.init(half).map(Tensors::parameter);
    Optimizer.Step step = optimizer.step(weights, state, weights, Tensors.scalar(DType.F32, 0.1));
    assertEquals(half, step.parameters().map(Tensor::shape));
    assertEquals(optimizer.init(half), step.state().map(Tensor::shape));
    assertEquals(optimizer.init(half).names(), step.state().names());
    assertEquals(DType.F32, step.state().get("adam.v.h.bias").dtype());
  }

  @Test
  void refusesWhatDoesNotFit() {
    Optimizer optimizer = Optimizer.sgd(0.9, false, 0);
    ParamMap<Tensor> weights = WEIGHTS.map(Tensors::parameter);
    ParamMap<Tensor> state = optimizer.init(WEIGHTS).map(Tensors::parameter);
    Tensor rate = Tensors.scalar(DType.F32, 0.1);
    ParamMap<Tensor> fewer = weights.subset(List.of("h.bias"));
    assertThrows(
        ShapeException.class, () -> optimizer.step(fewer, state, weights, rate), "gradients");
    assertThrows(
        ShapeException.class, () -> optimizer.step(weights, weights, weights, rate), "state");
    assertThrows(
        ShapeException.class,
        () -> optimizer.step(weights, state, weights, rate.convert(DType.F64)));
    assertThrows(
        ShapeException.class,
        () -> Chain.of(new Trace(0.5, true), new Trace(0.9, true)).init(WEIGHTS));
    assertThrows(ShapeException.class, () -> new ScaleByAdam(1, 0.9, 1e-8));
    assertThrows(ShapeException.class, () -> new ClipByGlobalNorm(0));
    assertThrows(ShapeException.class, () -> new Trace(1, false));
  }

  /** A stage whose state changes its type from step to step. */
  private record Drifting() implements GradientTransformation {
    @Override
    public ParamMap<Shape> init(ParamMap<Shape> parameters) {
      return ParamMap.<Shape>empty().plus("n", Shape.of(DType.I32));
    }

    @Override
    public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
      return new Result(updates, state.map(tensor -> tensor.convert(DType.F32)), ParamMap.empty());
    }
  }

  @Test
  void holdsStateToEqualShapes() {
    Optimizer optimizer = new Optimizer(new Drifting());
    ParamMap<Tensor> weights = WEIGHTS.map(Tensors::parameter);
    ParamMap<Tensor> state = optimizer.init(WEIGHTS).map(Tensors::parameter);
    ShapeException thrown =
        assertThrows(
            ShapeException.class,
            () -> optimizer.step(weights, state, weights, Tensors.scalar(DType.F32, 1)));
    assertEquals(
        "optimizer state after the step, \"n\": expected i32[], got f32[]", thrown.getMessage());
  }

  private static double norm(ParamMap<double[]> gradients) {
    double sum = 0;
    for (double[] values : gradients.values()) {
      for (double value : values) {
        sum += value * value;
      }
    }
    return Math.sqrt(sum);
  }
}
