package dev.hlotune.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A tiny random-weight model recorded from transformers, whole on the heap: nothing to close.
 *
 * <p>The keys of {@code results} are described in {@code tools/fixtures/record_models.py}: {@code
 * input_ids}, {@code attention_mask}, {@code loss_weights}, {@code logits}, {@code loss}, {@code
 * weight_sum}, {@code packed.*} and {@code generated.*}.
 *
 * @param directory the model directory, as transformers wrote it
 * @param config its {@code config.json}
 * @param parameters the weights by their Hugging Face names
 * @param gradients of {@code results.get("loss")}, under the same names
 * @param results inputs and what the model made of them
 */
public record RecordedModel(
    Path directory,
    Map<String, Object> config,
    Map<String, Recorded> parameters,
    Map<String, Recorded> gradients,
    Map<String, Recorded> results) {
  static RecordedModel open(String name) throws IOException {
    String folder = "models/" + name + "/";
    return new RecordedModel(
        Fixtures.path("models/" + name),
        Fixtures.json(folder + "config.json"),
        Fixtures.tensors(folder + "model.safetensors"),
        Fixtures.tensors(folder + "gradients.safetensors"),
        Fixtures.tensors(folder + "recorded.safetensors"));
  }

  /** A result by its key; an IllegalArgumentException where there is none. */
  public Recorded result(String key) {
    Recorded value = results.get(key);
    if (value == null) {
      throw new IllegalArgumentException(
          "result '%s': expected one of %s".formatted(key, results.keySet()));
    }
    return value;
  }
}
