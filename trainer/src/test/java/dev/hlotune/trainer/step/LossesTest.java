package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.Head;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.Spread;
import dev.hlotune.hlo.nn.TokenLoss;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.hlo.reference.Precision;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses other than cross-entropy, see tools/fixtures/record_losses.py. */
class LossesTest {
  private static final Axis BATCH = new Axis("batch", 1);
  private static final Axis SEQ = new Axis("seq", 6);
  private static final Axis EMBED = new Axis("embed", 5);
  private static final Axis VOCAB = new Axis("vocab", 9);

  private static TokenLoss kind(String name) {
    return switch (name) {
      case "label_smoothing" ->
          new TokenLoss(Optional.of(Tensors.scalar(DType.F32, 0.15)), Optional.empty(), false);
      case "z_loss" ->
          new TokenLoss(Optional.empty(), Optional.of(Tensors.scalar(DType.F32, 0.05)), false);
      default -> new TokenLoss(Optional.empty(), Optional.empty(), true);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"label_smoothing", "dft", "z_loss"})
  void agreesWithTorch(String name) throws IOException {
    JsonNode recorded = new JsonMapper().readTree(Fixtures.path("losses.json").toFile());
    double[] supervised = new double[SEQ.size()];
    Arrays.fill(supervised, 1);
    supervised[recorded.path("masked").intValue()] = 0;
    Map<String, NdArray> values =
        Map.of(
            "hidden",
                new NdArray(Shape.of(DType.F32, BATCH, SEQ, EMBED), numbers(recorded, "states")),
            "head", new NdArray(Shape.of(DType.F32, VOCAB, EMBED), numbers(recorded, "head")),
            "targets", new NdArray(Shape.of(DType.I32, BATCH, SEQ), numbers(recorded, "targets")),
            "weights", new NdArray(Shape.of(DType.F32, BATCH, SEQ), supervised));
    ParamMap<NdArray> inputs = new ParamMap<>(values);
    Tensor hidden = Tensors.parameter("hidden", inputs.get("hidden").shape());
    Tensor head = Tensors.parameter("head", inputs.get("head").shape());
    Tensor loss =
        CrossEntropy.weightedSum(
            new CrossEntropy.Inputs(
                hidden,
                Head.of(head, OptionalDouble.empty()),
                Tensors.parameter("targets", inputs.get("targets").shape()),
                Tensors.parameter("weights", inputs.get("weights").shape()),
                kind(name),
                Spread.NONE),
            true);
    Gradient.Result result = Gradient.of(loss, List.of(), List.of(hidden, head));
    List<NdArray> got =
        Evaluator.evaluate(
            List.of(result.value(), result.gradients().get(0), result.gradients().get(1)),
            values,
            Precision.EXACT);
    JsonNode expected = recorded.path(name);
    assertEquals(expected.path("loss").doubleValue(), got.get(0).scalar(), 1e-6);
    assertArrayEquals(
        numbers(expected, "states"), got.get(1).ordered(List.of(BATCH, SEQ, EMBED)).values(), 1e-6);
    assertArrayEquals(
        numbers(expected, "head"), got.get(2).ordered(List.of(VOCAB, EMBED)).values(), 1e-6);
  }

  private static double[] numbers(JsonNode node, String key) {
    return StreamSupport.stream(node.path(key).spliterator(), false)
        .flatMap(row ->
            row.isArray() ? StreamSupport.stream(row.spliterator(), false) : List.of(row).stream())
        .mapToDouble(JsonNode::doubleValue)
        .toArray();
  }
}
