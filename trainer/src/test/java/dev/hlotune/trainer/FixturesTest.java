package dev.hlotune.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recorded results agree among themselves, so that a parity test compares what it means to. */
class FixturesTest {
  static List<String> models() {
    return Fixtures.modelNames();
  }

  @ParameterizedTest
  @MethodSource("models")
  void lossFollowsFromTheRecordedLogits(String name) throws IOException {
    RecordedModel model = Fixtures.model(name);
    assertEquals(model.parameters().keySet(), model.gradients().keySet());
    for (String prefix : List.of("", "packed.")) {
      double loss = model.result(prefix + "loss").floats()[0];
      assertEquals(loss, weightedLoss(model, prefix), 1e-5 * loss, prefix);
    }
  }

  private static double weightedLoss(RecordedModel model, String prefix) {
    Recorded logits = model.result(prefix + "logits");
    int[] ids = model.result(prefix + "input_ids").ints();
    float[] weights = model.result(prefix + "loss_weights").floats();
    float[] values = logits.floats();
    int length = Math.toIntExact(logits.shape().get(1));
    int words = Math.toIntExact(logits.shape().get(2));
    double sum = 0;
    double weightSum = 0;
    for (int i = 0; i < ids.length; i++) {
      if (i % length > 0) {
        sum += weights[i] * negativeLogLikelihood(values, (i - 1) * words, words, ids[i]);
        weightSum += weights[i];
      }
    }
    return sum / weightSum;
  }

  private static double negativeLogLikelihood(float[] logits, int from, int words, int target) {
    double total = 0;
    for (int word = 0; word < words; word++) {
      total += Math.exp(logits[from + word]);
    }
    return Math.log(total) - logits[from + target];
  }
}
