package dev.hlotune.hlo.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The loss in chunks over supervised positions against all logits at once. */
class CrossEntropyTest {
  private static final Axis BATCH = new Axis("batch", 3);
  private static final Axis SEQ = new Axis("seq", 7);
  private static final Axis EMBED = new Axis("embed", 4);
  private static final Axis VOCABULARY = new Axis("vocab", 11);
  private static final int TOKENS = 21;

  /** 21 positions by chunks that divide them, that do not, and that hold them all. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 20, 21})
  void equalsTheDenseComposite(int chunk) {
    Random random = new Random(5);
    assertEqualsDense(chunk, _ -> random.nextInt(3) == 0 ? 0 : random.nextInt(1, 4));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 21})
  void takesNegativeAndFractionalWeights(int chunk) {
    assertEqualsDense(chunk, i -> new double[] {0, -1.5, 0.25, 1e-3, 2}[i % 5]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 21})
  void supervisesEveryPosition(int chunk) {
    assertEqualsDense(chunk, _ -> 1);
  }

  /** Caps at which every logit is squashed, and at which few are. */
  @ParameterizedTest
  @CsvSource({"1, 4", "4, 5", "15, 21"})
  void boundsTheLogits(double cap, int chunk) {
    assertEqualsDense(chunk, i -> i % 3, OptionalDouble.of(cap));
  }

  @Test
  void supervisesOnePosition() {
    for (int only = 0; only < TOKENS; only++) {
      int position = only;
      assertEqualsDense(4, i -> i == position ? 0.5 : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 21})
  void isZeroWithoutSupervisedPositions(int chunk) {
    Map<String, NdArray> inputs = inputs(_ -> 0);
    CrossEntropy.Inputs parameters = parameters(inputs);
    List<Tensor> results =
        Compared.withGradients(
            CrossEntropy.weightedSum(parameters, true, chunk),
            List.of(parameters.hidden(), parameters.head().weight()));
    for (NdArray result : Evaluator.evaluate(results, inputs)) {
      for (double value : result.values()) {
        assertEquals(0, value, 0.0);
      }
    }
  }

  /** Parts of rows, of positions and of both, of which some have nothing that is supervised. */
  @ParameterizedTest
  @CsvSource({"3, 1, 4", "3, 1, 7", "1, 7, 2", "3, 7, 1"})
  void isTheSameByParts(int rows, int length, int chunk) {
    Map<String, NdArray> inputs = inputs(i -> i / 7 == 1 ? 0 : i % 4);
    CrossEntropy.Inputs whole = parameters(inputs);
    CrossEntropy.Inputs parts = cut(whole, new Spread(rows, length, 1));
    Compared.assertSameWithGradients(
        dense(whole),
        CrossEntropy.weightedSum(parts, true, chunk),
        List.of(whole.hidden(), whole.head().weight()),
        inputs);
    Compared.assertSame(
        List.of(CrossEntropy.logProbabilities(whole, 4)),
        List.of(CrossEntropy.logProbabilities(parts, chunk)),
        inputs);
  }

  /** In chunks that do not depend on the number of positions, which are fewer here. */
  @Test
  void isTheSameForBatchesOfAnySize() {
    Map<String, NdArray> inputs = inputs(i -> i % 4);
    CrossEntropy.Inputs whole = parameters(inputs);
    CrossEntropy.Inputs any = cut(whole, Spread.NONE.forAnySize());
    Compared.assertSameWithGradients(
        dense(whole),
        CrossEntropy.weightedSum(any, true),
        List.of(whole.hidden(), whole.head().weight()),
        inputs);
    for (int chunk : new int[] {1, 4, 21}) {
      Compared.assertSameWithGradients(
          dense(whole),
          CrossEntropy.weightedSum(any, true, chunk),
          List.of(whole.hidden(), whole.head().weight()),
          inputs);
    }
    Compared.assertSame(
        List.of(CrossEntropy.logProbabilities(whole)),
        List.of(CrossEntropy.logProbabilities(any)),
        inputs);
  }

  @Test
  void refusesPartsThatAreNotEqual() {
    CrossEntropy.Inputs whole = parameters(inputs(_ -> 1));
    CrossEntropy.Inputs parts = cut(whole, new Spread(2, 1, 1));
    assertEquals(
        "batch of 3 rows of 7 positions: expected multiples of 2 and 1, the parts that devices"
            + " cut them into; change the sizes of the mesh, or of the batch",
        assertThrows(ShapeException.class, () -> CrossEntropy.weightedSum(parts, false))
            .getMessage());
  }

  @Test
  void isTheSameWithoutGradients() {
    Map<String, NdArray> inputs = inputs(i -> i % 3);
    CrossEntropy.Inputs parameters = parameters(inputs);
    Compared.assertSame(
        List.of(dense(parameters)),
        List.of(CrossEntropy.weightedSum(parameters, false, 4)),
        inputs);
  }

  /** Each position by itself, in its own place, against the loss of that position alone. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 21})
  void givesTheLogProbabilityOfEachTarget(int chunk) {
    IntToDoubleFunction weight = i -> new double[] {0, -1.5, 0.25, 1, 2}[i % 5];
    Map<String, NdArray> inputs = inputs(weight);
    double[] values =
        Evaluator.evaluate(
                List.of(CrossEntropy.logProbabilities(parameters(inputs), chunk)), inputs)
            .getFirst()
            .values();
    assertEquals(TOKENS, values.length);
    for (int position = 0; position < TOKENS; position++) {
      int only = position;
      Map<String, NdArray> alone = inputs(i -> i == only ? 1 : 0);
      double loss =
          Evaluator.evaluate(List.of(dense(parameters(alone))), alone).getFirst().values()[0];
      assertEquals(weight.applyAsDouble(position) == 0 ? 0 : -loss, values[position], 1e-6);
    }
  }

  /** Logits beyond the range of exp, and targets of masked positions beyond the vocabulary. */
  @Test
  void isFiniteForGreatLogitsAndIgnoresMaskedTargets() {
    Map<String, NdArray> inputs = new LinkedHashMap<>(inputs(i -> i % 2));
    double[] targets = new double[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      targets[i] = i % 2 == 0 ? 1_000_000 : i % VOCABULARY.size();
    }
    inputs.put("targets", new NdArray(Shape.of(DType.I32, BATCH, SEQ), targets));
    Tensor hidden = Compared.parameter("hidden", inputs);
    inputs.put("hidden", Evaluator.evaluate(List.of(hidden.times(1e4)), inputs).getFirst());
    CrossEntropy.Inputs parameters = parameters(inputs);
    List<Tensor> results =
        Compared.withGradients(
            CrossEntropy.weightedSum(parameters, true, 4),
            List.of(parameters.hidden(), parameters.head().weight()));
    for (NdArray result : Evaluator.evaluate(results, inputs)) {
      for (double value : result.values()) {
        assertTrue(Double.isFinite(value), () -> "got " + value);
      }
    }
  }

  /** The gradient is scaled by what the loss is divided by. */
  @Test
  void passesItsCotangentOn() {
    Map<String, NdArray> inputs = inputs(i -> i % 3);
    CrossEntropy.Inputs parameters = parameters(inputs);
    Tensor divisor = parameters.weights().total().plus(1);
    Compared.assertSameWithGradients(
        dense(parameters).dividedBy(divisor),
        CrossEntropy.weightedSum(parameters, true, 4).dividedBy(divisor),
        List.of(parameters.hidden(), parameters.head().weight()),
        inputs);
  }

  @Test
  void choosesChunksThatBoundTheLogits() {
    assertEquals(64, CrossEntropy.chunkSize(4096, 1_000_000));
    assertEquals(256, CrossEntropy.chunkSize(4096, 50257));
    assertEquals(4096, CrossEntropy.chunkSize(4096, 97));
    assertEquals(34, CrossEntropy.chunkSize(34, 97));
  }

  private static void assertEqualsDense(int chunk, IntToDoubleFunction weight) {
    assertEqualsDense(chunk, weight, OptionalDouble.empty());
  }

  private static void assertEqualsDense(int chunk, IntToDoubleFunction weight, OptionalDouble cap) {
    Map<String, NdArray> inputs = inputs(weight);
    CrossEntropy.Inputs parameters = parameters(inputs, cap);
    Compared.assertSameWithGradients(
        dense(parameters),
        CrossEntropy.weightedSum(parameters, true, chunk),
        List.of(parameters.hidden(), parameters.head().weight()),
        inputs);
  }

  private static Tensor dense(CrossEntropy.Inputs inputs) {
    Tensor product = inputs.hidden().dot(inputs.head().weight(), "embed");
    Tensor logits =
        inputs.head().cap().isPresent()
            ? product
                .dividedBy(inputs.head().cap().getAsDouble())
                .tanh()
                .times(inputs.head().cap().getAsDouble())
            : product;
    Tensor normalizer = logits.exp().sum("vocab").log();
    Tensor chosen =
        Tensors.iota(DType.I32, VOCABULARY)
            .like(logits)
            .compare(Comparison.EQ, inputs.targets().like(logits));
    Tensor score = chosen.select(logits, Tensors.zerosLike(logits)).sum("vocab");
    return normalizer.minus(score).times(inputs.weights()).total();
  }

  private static CrossEntropy.Inputs cut(CrossEntropy.Inputs whole, Spread spread) {
    return new CrossEntropy.Inputs(
        whole.hidden(), whole.head(), whole.targets(), whole.weights(), whole.change(), spread);
  }

  private static CrossEntropy.Inputs parameters(Map<String, NdArray> inputs) {
    return parameters(inputs, OptionalDouble.empty());
  }

  private static CrossEntropy.Inputs parameters(Map<String, NdArray> inputs, OptionalDouble cap) {
    return new CrossEntropy.Inputs(
        Compared.parameter("hidden", inputs),
        Head.of(Compared.parameter("head", inputs), cap),
        Compared.parameter("targets", inputs),
        Compared.parameter("weights", inputs));
  }

  private static Map<String, NdArray> inputs(IntToDoubleFunction weight) {
    Random random = new Random(3);
    double[] targets = random.ints(TOKENS, 0, VOCABULARY.size()).asDoubleStream().toArray();
    double[] weights = new double[TOKENS];
    for (int i = 0; i < TOKENS; i++) {
      weights[i] = weight.applyAsDouble(i);
    }
    return Map.of(
        "hidden",
        Compared.random(1, BATCH, SEQ, EMBED),
        "head",
        Compared.random(2, VOCABULARY, EMBED),
        "targets",
        new NdArray(Shape.of(DType.I32, BATCH, SEQ), targets),
        "weights",
        new NdArray(Shape.of(DType.F32, BATCH, SEQ), weights));
  }
}
