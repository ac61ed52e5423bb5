package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Recorded;
import dev.hlotune.trainer.RecordedModel;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows for new tokens, against what {@code record_tokens.py} recorded of transformers. */
final class NewRowsTest {
  /** transformers draws around the mean with a deviation of the rows' own times this. */
  private static final double NOISE = Math.sqrt(1e-9);

  @ParameterizedTest
  @CsvSource({"gpt2,UNROLL", "gpt2,SCAN", "llama,UNROLL", "llama,SCAN"})
  void areTheMeanOfTheOthersAndAllElseIsAsItWas(String name, Layering layering) throws IOException {
    RecordedModel recorded = Fixtures.model(name);
    JsonNode expected =
        new JsonMapper()
            .readTree(Fixtures.path("tokens/recorded.json").toFile())
            .path("models")
            .path(name);
    int rows = expected.path("rows").intValue();
    CausalModel saved = model(recorded, rows, layering);
    CausalModel grown = model(recorded, expected.path("vocab_size").intValue(), layering);
    Map<String, Recorded> theirs = Fixtures.tensors("tokens/" + name + ".safetensors");

    List<ShardedBuffer> buffers = List.of();
    try (ModelWeights files = ModelWeights.open(recorded.directory());
        Arena arena = Arena.ofConfined()) {
      buffers = Weights.load(TestClient.storage(), grown.parameters(), saved, files);
      TreeSet<String> changed = new TreeSet<>();
      for (TensorEntry tensor : Weights.read(grown.parameters(), buffers, arena)) {
        float[] before = files.find(tensor.name()).orElseThrow().toFloats();
        float[] after = tensor.toFloats();
        assertArrayEquals(before, Arrays.copyOf(after, before.length), tensor.name());
        if (after.length > before.length) {
          changed.add(tensor.name());
          List<Long> shape =
              List.of(
                  new JsonMapper()
                      .convertValue(expected.path("shapes").path(tensor.name()), Long[].class));
          assertEquals(shape, tensor.shape());
          Recorded drawn = Objects.requireNonNull(theirs.get(tensor.name()), tensor.name());
          same(before, rows, Arrays.copyOfRange(after, before.length, after.length), drawn);
        }
      }
      assertEquals(new TreeSet<>(theirs.keySet()), changed, "the tied head is the embedding");
    } finally {
      buffers.forEach(ShardedBuffer::close);
    }
  }

  private static void same(float[] before, int rows, float[] added, Recorded theirs) {
    int width = before.length / rows;
    float[] drawn = theirs.floats();
    assertEquals(drawn.length, added.length);
    for (int i = 0; i < added.length; i++) {
      double sum = 0;
      double squares = 0;
      for (int row = 0; row < rows; row++) {
        double value = before[row * width + i % width];
        sum += value;
        squares += value * value;
      }
      double mean = sum / rows;
      double deviation = Math.sqrt(squares / rows - mean * mean);
      assertEquals(mean, added[i], 1e-8, "the mean, rounded once");
      assertEquals(drawn[i], added[i], 5 * NOISE * deviation, "theirs lies around ours");
    }
  }

  private static CausalModel model(RecordedModel recorded, int vocabulary, Layering layering) {
    Map<String, Object> config = new LinkedHashMap<>(recorded.config());
    config.put("vocab_size", vocabulary);
    return Families.of(new ModelConfig(config), new Layout(layering, Remat.NOTHING));
  }

  @Test
  void aBiasGetsTheMeanAndNothingElseMayDiffer() {
    TensorEntry bias = TensorEntry.ofFloats("b", List.of(3L), new float[] {1, 2, 6});
    assertArrayEquals(new float[] {3}, NewRows.mean(bias));
    try (Staging staging = new Staging();
        WeightUpload upload = new WeightUpload(TestClient.storage(), shape(5), staging)) {
      for (Shape other :
          List.of(shape(2), shape(3), Shape.of(DType.F32, new Axis("x", 4), new Axis("y", 1)))) {
        assertThrows(IllegalArgumentException.class, () -> NewRows.put(upload, bias, other));
      }
      upload.put(bias.data(), bias.type(), 0);
      NewRows.put(upload, bias, shape(5));
      try (ShardedBuffer grown = upload.finish()) {
        assertArrayEquals(new float[] {1, 2, 6, 3, 3}, grown.readFloats());
      }
    }
  }

  private static Shape shape(int rows) {
    return Shape.of(DType.F32, new Axis("vocab", rows));
  }
}
