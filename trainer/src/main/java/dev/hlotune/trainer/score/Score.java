package dev.hlotune.trainer.score;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One record, scored. The arrays are not copied.
 *
 * @param tokens its token ids
 * @param logprobs the natural logarithm of the probability of each token given those before it; the
 *     first, which nothing predicts, means nothing
 * @param weights how much each token would count in the loss
 */
@SuppressWarnings("ArrayRecordComponent") // Made for each record and read once.
public record Score(int[] tokens, float[] logprobs, float[] weights) {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  /** Checks that there is one of each for every token. */
  public Score {
    if (logprobs.length != tokens.length || weights.length != tokens.length) {
      throw new IllegalArgumentException(
          "score: expected %d values, got %d and %d"
              .formatted(tokens.length, logprobs.length, weights.length));
    }
  }

  /**
   * Writes a line of JSON: {@code tokens}, {@code logprobs}, whose first is null, and {@code
   * weights}.
   */
  public void writeTo(OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeFieldName("tokens");
      json.writeArray(tokens, 0, tokens.length);
      json.writeArrayFieldStart("logprobs");
      for (int i = 0; i < logprobs.length; i++) {
        if (i == 0) {
          json.writeNull();
        } else {
          json.writeNumber(logprobs[i]);
        }
      }
      json.writeEndArray();
      json.writeArrayFieldStart("weights");
      for (float weight : weights) {
        json.writeNumber(weight);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    out.write("\n".getBytes(StandardCharsets.UTF_8));
  }
}
