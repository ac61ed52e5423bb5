package dev.hlotune.hlo.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.hlo.reference.Precision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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

  private static final Attention PLAIN = Attention.of(SIZE.size());

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
    assertEqualsDense(PLAIN, length, group, blocks);
  }

  /** Windows within a block, across several, of one position, and as long as the row or longer. */
  @ParameterizedTest
  @CsvSource({
    "17, 1, 1, 1",
    "17, 2, 5, 1",
    "17, 1, 5, 4",
    "17, 2, 16, 17",
    "17, 1, 17, 3",
    "17, 1, 40, 3",
    "130, 2, 33, 4",
    "130, 1, 3, 13",
    "300, 1, 128, 4"
  })
  void seesAWindow(int length, int group, int window, int blocks) {
    assertEqualsDense(PLAIN.within(OptionalInt.of(window)), length, group, blocks);
  }

  /** Caps at which every score is squashed, and at which few are; with a scale of its own. */
  @ParameterizedTest
  @CsvSource({"17, 0.5, 1, 0.7", "17, 50, 3, 0.2", "130, 2, 4, 1.5"})
  void boundsTheScores(int length, double cap, int blocks, double scale) {
    OptionalDouble bound = OptionalDouble.of(cap);
    assertEqualsDense(new Attention(scale, OptionalInt.empty(), bound), length, 2, blocks);
    assertEqualsDense(new Attention(scale, OptionalInt.of(7), bound), length, 1, blocks);
  }

  /** In programs for rows of any length, longer than the window and shorter; 0 is no window. */
  @ParameterizedTest
  @CsvSource({"1, 0", "130, 0", "17, 1", "17, 5", "17, 17", "17, 40"})
  void isTheSameForRowsOfAnyLength(int length, int window) {
    Attention attention = window == 0 ? PLAIN : PLAIN.within(OptionalInt.of(window));
    Map<String, NdArray> inputs = inputs(length, 2);
    Tensor q = Compared.parameter("q", inputs);
    Tensor k = Compared.parameter("k", inputs);
    Tensor v = Compared.parameter("v", inputs);
    Tensor segments = Compared.parameter("segments", inputs);
    Tensor any = attention.apply(ParamMap.empty(), q, k, v, segments, Spread.NONE.forAnySize());
    Compared.assertSameWithGradients(
        Compared.weightedTotal(dense(attention, q, k, v, segments)),
        Compared.weightedTotal(any),
        List.of(q, k, v),
        inputs);
  }

  private static void assertEqualsDense(Attention attention, int length, int group, int blocks) {
    Map<String, NdArray> inputs = inputs(length, group);
    Tensor q = Compared.parameter("q", inputs);
    Tensor k = Compared.parameter("k", inputs);
    Tensor v = Compared.parameter("v", inputs);
    Tensor segments = Compared.parameter("segments", inputs);
    Compared.assertSameWithGradients(
        Compared.weightedTotal(dense(attention, q, k, v, segments)),
        Compared.weightedTotal(attention.apply(q, k, v, segments, blocks)),
        List.of(q, k, v),
        inputs);
  }

  /**
   * A beginning and three ways to go on in one row, behind another document, give each way what it
   * gives alone behind its beginning.
   */
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 3", "4, 1", "4, 3", "9, 2"})
  void waysToGoOnShareTheirBeginning(int window, int blocks) {
    int before = 3;
    int shared = 6;
    int[] ways = {5, 1, 4};
    int length = before + shared + 5 + 1 + 4 + 2;
    Attention attention = window == 0 ? PLAIN : PLAIN.within(OptionalInt.of(window));
    Map<String, NdArray> inputs = inputs(length, 2);
    Tensor q = Compared.parameter("q", inputs);
    Tensor k = Compared.parameter("k", inputs);
    Tensor v = Compared.parameter("v", inputs);
    double[] views = new double[2 * length * Attention.VIEWS];
    for (int row = 0; row < 2; row++) {
      int at = 0;
      at = view(views, row * length + at, before, 1, 1, 0) - row * length;
      at = view(views, row * length + at, shared, 2, 2, 0) - row * length;
      for (int i = 0; i < ways.length; i++) {
        at = view(views, row * length + at, ways[i], 3 + i, 2, shared) - row * length;
      }
    }
    Shape shape = Shape.of(DType.I32, BATCH, new Axis("seq", length));
    Tensor segments = literal(shape.append(new Axis(Attention.VIEW, Attention.VIEWS)), views);
    Tensor together = attention.apply(q, k, v, segments, blocks);
    int at = before + shared;
    for (int way : ways) {
      Tensor alone =
          attention.apply(
              spliced(q, before, shared, at, way),
              spliced(k, before, shared, at, way),
              spliced(v, before, shared, at, way),
              Tensors.fill(Shape.of(DType.I32, BATCH, new Axis("seq", shared + way)), 1),
              1);
      Compared.assertSame(
          List.of(alone), List.of(spliced(together, before, shared, at, way)), inputs);
      at += way;
    }
  }

  private static int view(double[] views, int at, int count, int segment, int other, int position) {
    for (int i = 0; i < count; i++) {
      views[(at + i) * Attention.VIEWS] = segment;
      views[(at + i) * Attention.VIEWS + 1] = other;
      views[(at + i) * Attention.VIEWS + 2] = position + i;
    }
    return at + count;
  }

  private static Tensor literal(Shape shape, double[] values) {
    return Tensors.literal(shape, java.util.Arrays.stream(values).boxed().toList());
  }

  /** The beginning and one way to go on. */
  private static Tensor spliced(Tensor x, int before, int shared, int at, int way) {
    return Tensors.concat("seq", List.of(x.slice("seq", before, shared), x.slice("seq", at, way)));
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
    for (Attention attention : List.of(PLAIN, PLAIN.within(OptionalInt.of(20)))) {
      Compared.assertSame(
          List.of(dense(attention, q, k, v, segments)),
          List.of(attention.apply(q, k, v, segments)),
          inputs);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "64, 1, 1",
    "511, 0, 3",
    "4096, 0, 4",
    "4096, 4096, 4",
    "4096, 1000, 4",
    "4096, 512, 8",
    "4096, 16, 16",
    "1024, 16, 8"
  })
  void takesMoreBlocksWithinAWindow(int length, int window, int blocks) {
    OptionalInt positions = window == 0 ? OptionalInt.empty() : OptionalInt.of(window);
    assertEquals(blocks, PLAIN.within(positions).blocks(length));
  }

  /** No product has keys that none of its queries sees. */
  @Test
  void multipliesOnlyWhatIsInTheWindow() {
    Map<String, NdArray> inputs = inputs(512, 1);
    Tensor out =
        PLAIN
            .within(OptionalInt.of(10))
            .apply(
                Compared.parameter("q", inputs),
                Compared.parameter("k", inputs),
                Compared.parameter("v", inputs),
                Compared.parameter("segments", inputs));
    List<Integer> keys = new ArrayList<>();
    for (Op op : Graph.sorted(List.of(out))) {
      if (op instanceof Op.Dot dot && dot.contracted().equals(List.of("head_dim"))) {
        keys.add(dot.right().axis(Attention.KEY).size());
      }
    }
    Collections.sort(keys);
    assertEquals(List.of(128, 137, 137, 137), keys);
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
    Tensor packed = PLAIN.apply(q, k, v, segments, 4).slice("seq", 70, 70);
    Tensor alone =
        PLAIN.apply(
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
    Tensor out = PLAIN.apply(q.times(1e4), k.times(1e4), v, Compared.parameter("segments", inputs));
    List<Tensor> results = Compared.withGradients(Compared.weightedTotal(out), List.of(q, k, v));
    for (NdArray result : Evaluator.evaluate(results, inputs)) {
      for (double value : result.values()) {
        assertTrue(Double.isFinite(value), () -> "got " + value);
      }
    }
  }

  /** Softmax(cap(q·k·scale))·v over all pairs of positions. */
  private static Tensor dense(Attention attention, Tensor q, Tensor k, Tensor v, Tensor segments) {
    Tensor product = q.dot(k.rename("seq", "key_seq"), "head_dim").times(attention.scale());
    double cap = attention.cap().orElse(0);
    Tensor scores = cap == 0 ? product : product.dividedBy(cap).tanh().times(cap);
    List<Axis> pairs = List.of(BATCH, scores.axis("seq"), scores.axis("key_seq"));
    Tensor same =
        segments
            .broadcast(pairs)
            .compare(Comparison.EQ, segments.rename("seq", "key_seq").broadcast(pairs));
    Tensor distance =
        Tensors.iota(DType.I32, scores.axis("seq"))
            .broadcast(pairs)
            .minus(Tensors.iota(DType.I32, scores.axis("key_seq")).broadcast(pairs));
    Tensor seen =
        distance
            .compare(Comparison.GE, 0)
            .and(distance.compare(Comparison.LT, attention.window().orElse(Integer.MAX_VALUE)));
    Tensor exponentials =
        same.and(seen).like(scores).select(scores.exp(), Tensors.zerosLike(scores));
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
