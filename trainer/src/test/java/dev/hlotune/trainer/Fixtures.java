package dev.hlotune.trainer;

import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The recorded files under {@code src/test/resources/fixtures}. */
public final class Fixtures {
  private Fixtures() {}

  /** The path of a fixture, such as {@code "safetensors/mixed.safetensors"}. */
  public static Path path(String name) {
    URL url = Fixtures.class.getResource("/fixtures/" + name);
    if (url == null) {
      throw new IllegalArgumentException(
          "fixture '%s': expected under src/test/resources/fixtures, got none".formatted(name));
    }
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A JSON object, as an ordered map. */
  public static Map<String, Object> json(String name) throws IOException {
    return ModelDirectory.readConfig(path(name));
  }

  /** The text of a fixture. */
  public static String text(String name) throws IOException {
    return Files.readString(path(name));
  }

  /** One of the recorded models. */
  public static RecordedModel model(String name) throws IOException {
    return RecordedModel.open(name);
  }

  /** The names that {@link #model} takes. */
  public static List<String> modelNames() {
    return List.of(
        "gpt2",
        "gpt2-variant",
        "llama",
        "llama-variant",
        "llama-linear",
        "llama-dynamic",
        "llama-llama3",
        "llama-yarn",
        "llama-yarn-variant",
        "llama-longrope",
        "mistral",
        "mistral-variant",
        "qwen2",
        "qwen2-windows",
        "qwen3",
        "qwen3-variant",
        "smollm3",
        "phi3",
        "phi3-longrope",
        "gemma",
        "gemma-variant",
        "gemma2",
        "gemma2-variant",
        "gemma3",
        "gemma3-variant",
        "nanochat",
        "nanochat-transformers");
  }

  /** The tensors of a recorded safetensors file, copied so that nothing has to be closed. */
  public static Map<String, Recorded> tensors(String name) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(path(name))) {
      Map<String, Recorded> copies = new LinkedHashMap<>();
      for (TensorEntry entry : file.tensors().values()) {
        copies.put(entry.name(), Recorded.of(entry));
      }
      return copies;
    }
  }
}
