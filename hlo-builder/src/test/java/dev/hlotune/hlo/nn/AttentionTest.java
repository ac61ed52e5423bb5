package dev.hlotune.hlo.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.hlo.reference.Precision;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention in blocks, with its gradient by hand, against the whole matrix of scores. */
class AttentionTest {
  private static final Axis BATCH = new Axis("batch", 2);
  private static final Axis SIZE = new Axis("head_dim", 3);

  /** Rows in one block of queries and in several, which do not all divide them evenly. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "17, 1, 1",
    "17, 3, 2",
    "17, 2, 17",
    "64, 2, 3",
    "128, 1, 2",
    "130, 2, 4",
    "256, 1, 4",
    "300, 2, 4"
  })
  void equalsTheDenseComposite(int length, int group, int blocks) {
    Map<String, NdArray> inputs = inputs(length, group);
    Tensor q = Compared.parameter("q", inputs);
    Tensor k = Compared.parameter("k", inputs);
    Tensor v = Compared.parameter("v", inputs);
    Tensor segments = Compared.parameter("segments", inputs);
    Compared.assertSameWithGradients(
        Compared.weightedTotal(dense(q, k, v, segments)),
        Compared.weightedTotal(Attention.causal(q, k, v, segments, blocks)),
        List.of(q, k, v),
        inputs);
  }

  /** As models call it, in as many blocks as it sees fit. */
  @ParameterizedTest
  @ValueSource(ints = {127, 300})
  void choosesItsBlocks(int length) {
    Map<String, NdArray> inputs = inputs(length, 2);
    Tensor q = Compared.parameter("q", inputs);
    Tensor k = Compared.parameter("k", inputs);
    Tensor v = Compared.parameter("v", inputs);
    Tensor segments = Compared.parameter("segments", inputs);
    Compared.assertSame(
        List.of(dense(q, k, v, segments)), List.of(Attention.causal(q, k, v, segments)), inputs);
  }

  /** What a segment gives does not change with what else stands in its row. */
  @Test
  void keepsSegmentsApart() {
    int length = 150;
    Map<String, NdArray> inputs = inputs(length, 2);
    Tensor q = Compared.parameter("q", inputs);
    Tensor k = Compared.parameter("k", inputs);
    Tensor v = Compared.parameter("v", inputs);
    Axis seq = q.axis("seq");
    NdArray three =
        filled(
            Shape.of(DType.I32, BATCH, seq), i -> i % length < 70 ? 1 : i % length < 140 ? 2 : 0);
    Tensor segments = Tensors.parameter("three", three.shape());
    Tensor packed = Attention.causal(q, k, v, segments, 4).slice("seq", 70, 70);
    Tensor alone =
        Attention.causal(
            q.slice("seq", 70, 70),
            k.slice("seq", 70, 70),
            v.slice("seq", 70, 70),
            segments.slice("seq", 70, 70));
    Map<String, NdArray> all =
        Map.of(
            "q", value("q", inputs),
            "k", value("k", inputs),
            "v", value("v", inputs),
            "three", three);
    Compared.assertSameWithGradients(
        Compared.weightedTotal(alone), Compared.weightedTotal(packed), List.of(q, k, v), all);
    Tensor byKeys =
        Gradient.of(Compared.weightedTotal(packed), List.of(), List.of(k)).gradients().getFirst();
    NdArray outside =
        Evaluator.evaluate(List.of(byKeys.slice("seq", 0, 70)), all, Precision.EXACT).getFirst();
    for (double value : outside.values()) {
      assertEquals(0, value);
    }
  }

  @Test
  void isFiniteForScoresFarApart() {
    Map<String, NdArray> inputs = inputs(17, 1);
    Tensor q = Compared.parameter("q", inputs);
    Tensor k = Compared.parameter("k", inputs);
    Tensor v = Compared.parameter("v", inputs);
    Tensor out =
        Attention.causal(q.times(1e4), k.times(1e4), v, Compared.parameter("segments", inputs));
    List<Tensor> results = Compared.withGradients(Compared.weightedTotal(out), List.of(q, k, v));
    for (NdArray result : Evaluator.evaluate(results, inputs)) {
      for (double value : result.values()) {
        assertTrue(Double.isFinite(value), () -> "got " + value);
      }
    }
  }

  /** Softmax(q·k / sqrt(head_dim))·v over all pairs of positions. */
  private static Tensor dense(Tensor q, Tensor k, Tensor v, Tensor segments) {
    Tensor scores = q.times(1 / Math.sqrt(SIZE.size())).dot(k.rename("seq", "key_seq"), "head_dim");
    List<Axis> pairs = List.of(BATCH, scores.axis("seq"), scores.axis("key_seq"));
    Tensor same =
        segments
            .broadcast(pairs)
            .compare(Comparison.EQ, segments.rename("seq", "key_seq").broadcast(pairs));
    Tensor earlier =
        Tensors.iota(DType.I32, scores.axis("seq"))
            .broadcast(pairs)
            .compare(
                Comparison.GE, Tensors.iota(DType.I32, scores.axis("key_seq")).broadcast(pairs));
    Tensor exponentials =
        same.and(earlier).like(scores).select(scores.exp(), Tensors.zerosLike(scores));
    Tensor sums = exponentials.sum("key_seq").like(exponentials);
    return exponentials.dividedBy(sums).dot(v.rename("seq", "key_seq"), "key_seq");
  }

  /** Rows of segments of random lengths, the last of them padding. */
  private static Map<String, NdArray> inputs(int length, int group) {
    Axis seq = new Axis("seq", length);
    Axis heads = new Axis("kv_head", 2);
    Random random = new Random(length);
    double[] segments = new double[BATCH.size() * length];
    for (int i = 0, segment = 1; i < segments.length; i++) {
      segment = i % length == 0 ? 1 : random.nextInt(40) == 0 ? segment + 1 : segment;
      segments[i] = i % length > length - length / 8 ? 0 : segment;
    }
    return Map.of(
        "q", Compared.random(1, BATCH, seq, heads, new Axis("group", group), SIZE),
        "k", Compared.random(2, BATCH, seq, heads, SIZE),
        "v", Compared.random(3, BATCH, seq, heads, SIZE),
        "segments", new NdArray(Shape.of(DType.I32, BATCH, seq), segments));
  }

  private static NdArray value(String name, Map<String, NdArray> inputs) {
    return Objects.requireNonNull(inputs.get(name));
  }

  private static NdArray filled(Shape shape, IntUnaryOperator value) {
    double[] values = new double[Math.toIntExact(shape.elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = value.applyAsInt(i);
    }
    return new NdArray(shape, values);
  }
}
