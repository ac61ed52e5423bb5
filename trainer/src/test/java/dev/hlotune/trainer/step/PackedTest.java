package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.trainer.CompiledProgram;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.RecordedModel;
import dev.hlotune.trainer.RelativeError;
import dev.hlotune.trainer.data.Bucket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents packed into one row give the loss and the gradients that they give each alone. */
class PackedTest {
  private static final double TOLERANCE = 1e-4;

  static List<String> models() {
    return Fixtures.modelNames();
  }

  /** Two documents in one row, whose loss transformers computed of each alone. */
  @ParameterizedTest
  @MethodSource("models")
  void lossEqualsTransformers(String name) throws IOException {
    RecordedModel recorded = Fixtures.model(name);
    CausalModel model = model(recorded.config());
    Bucket bucket = RecordedInputs.bucket(recorded, RecordedInputs.PACKED);
    ParamMap<NdArray> batch = RecordedInputs.batch(recorded, RecordedInputs.PACKED);
    double[] logprobs =
        CompiledProgram.run(
                LogProbsProgram.of(Tuning.full(model, DType.F32), bucket),
                RecordedInputs.of(model, recorded.parameters()).plus(batch))
            .get("logprobs")
            .values();
    double[] weights = batch.get("weights").values();
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < weights.length; i++) {
      sum -= weights[i] * logprobs[i];
      weight += weights[i];
    }
    double expected = recorded.result("packed.loss").floats()[0];
    double loss = sum / weight;
    assertEquals(expected, loss, TOLERANCE * expected);
  }

  /**
   * A row of 512 positions, which attention takes in four blocks of queries, with documents that
   * lie across the bounds between blocks, against rows of one padded document each. Gemma 2 sees a
   * window of 30 in every other layer.
   */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama", "gemma2"})
  void longRowEqualsItsDocuments(String family) {
    CausalModel model = TinyModels.of(family, Layering.UNROLL);
    List<Document> documents = Document.random(7, 120, 100, 110, 90, 70);
    Bucket row = new Bucket(1, 512);
    Bucket rows = new Bucket(5, 120);
    ParamMap<NdArray> weights = weights(model);
    ParamMap<NdArray> packed =
        CompiledProgram.run(
            GradientProgram.of(Tuning.full(model, DType.F32), row),
            weights.plus(Document.packed(documents, row)));
    ParamMap<NdArray> alone =
        CompiledProgram.run(
            GradientProgram.of(Tuning.full(model, DType.F32), rows),
            weights.plus(Document.padded(documents, rows)));
    assertTrue(packed.get("weight_sum").scalar() > 100);
    assertEquals(packed.names(), alone.names());
    for (String output : packed.names()) {
      double error = RelativeError.of(alone.get(output), packed.get(output));
      assertTrue(error <= TOLERANCE, output + ": relative error " + error);
    }
  }

  /**
   * Tokens, and the weight of each as a target.
   *
   * @param tokens below {@link TinyModels#WORDS}
   * @param weights the first is 0, nothing predicts it
   */
  @SuppressWarnings("ArrayRecordComponent") // made and read here alone
  private record Document(int[] tokens, double[] weights) {
    static List<Document> random(long seed, int... lengths) {
      Random random = new Random(seed);
      List<Document> documents = new ArrayList<>();
      for (int length : lengths) {
        double[] weights = new double[length];
        for (int i = 1; i < length; i++) {
          weights[i] = random.nextInt(3) * 0.5;
        }
        documents.add(new Document(random.ints(length, 0, TinyModels.WORDS).toArray(), weights));
      }
      return documents;
    }

    /** One behind the other, with padding at the end of the row. */
    static ParamMap<NdArray> packed(List<Document> documents, Bucket bucket) {
      Fields fields = new Fields(bucket);
      int at = 0;
      for (int i = 0; i < documents.size(); i++) {
        fields.put(documents.get(i), at, i + 1);
        at += documents.get(i).tokens.length;
      }
      return fields.batch();
    }

    /** One in each row. */
    static ParamMap<NdArray> padded(List<Document> documents, Bucket bucket) {
      Fields fields = new Fields(bucket);
      for (int i = 0; i < documents.size(); i++) {
        fields.put(documents.get(i), i * bucket.length(), 1);
      }
      return fields.batch();
    }
  }

  /** A batch being filled; all is 0 where nothing is put. */
  private static final class Fields {
    private final Bucket bucket;
    private final double[] tokens;
    private final double[] targets;
    private final double[] segments;
    private final double[] positions;
    private final double[] weights;

    private Fields(Bucket bucket) {
      this.bucket = bucket;
      this.tokens = new double[bucket.tokens()];
      this.targets = new double[bucket.tokens()];
      this.segments = new double[bucket.tokens()];
      this.positions = new double[bucket.tokens()];
      this.weights = new double[bucket.tokens()];
    }

    private void put(Document document, int at, int segment) {
      int length = document.tokens.length;
      for (int i = 0; i < length; i++) {
        tokens[at + i] = document.tokens[i];
        segments[at + i] = segment;
        positions[at + i] = i;
        if (i < length - 1) {
          targets[at + i] = document.tokens[i + 1];
          weights[at + i] = document.weights[i + 1];
        }
      }
    }

    private ParamMap<NdArray> batch() {
      return RecordedInputs.batch(bucket, tokens, targets, segments, positions, weights);
    }
  }

  private static ParamMap<NdArray> weights(CausalModel model) {
    Random random = new Random(11);
    return model
        .parameters()
        .map((_, spec) ->
            new NdArray(
                spec.shape(),
                random
                    .doubles(spec.shape().elements())
                    .map(value -> (float) (value - 0.5))
                    .toArray()));
  }

  private static CausalModel model(Map<String, Object> config) {
    return Families.of(new ModelConfig(config), new Layout(Layering.UNROLL, Remat.NOTHING));
  }
}
