package dev.hlotune.trainer.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which files of a repository make up a model. Weights that are not safetensors never do. */
final class ModelFiles {
  private static final String CONFIG = "config.json";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String SINGLE = "model.safetensors";
  private static final String MORE_TEMPLATES = "additional_chat_templates/";
  private static final Pattern OTHER_WEIGHTS =
      Pattern.compile(
          "pytorch_model.*\\.bin|tf_model\\.h5|flax_model\\.msgpack|.*\\.(safetensors|gguf|pth)");
  private static final JsonMapper JSON = new JsonMapper();

  private ModelFiles() {}

  /**
   * What describes the model: its configuration and its tokenizer.
   *
   * @throws DataException if there is no configuration
   */
  static List<String> description(Snapshot snapshot) {
    if (!snapshot.has(CONFIG)) {
      throw new DataException(
          "'%s': expected a model with '%s', got a repository without"
              .formatted(snapshot.repository().id(), CONFIG));
    }
    return Stream.concat(
            Stream.of(CONFIG, "generation_config.json").filter(snapshot::has),
            tokenizer(snapshot).stream())
        .toList();
  }

  /**
   * As {@link #description}, with the index of the weights where there is one.
   *
   * @throws DataException also if there are weights, but in no form that can be read
   */
  static List<String> small(Snapshot snapshot) {
    List<String> description = description(snapshot);
    Optional<String> other =
        snapshot.files().keySet().stream()
            .filter(name -> OTHER_WEIGHTS.matcher(name).matches())
            .sorted()
            .findFirst();
    if (other.isPresent() && !snapshot.has(INDEX) && !snapshot.has(SINGLE)) {
      throw new DataException(
          "'%s': expected weights in '%s', got '%s'; load it with transformers and save it with save_pretrained"
              .formatted(snapshot.repository().id(), SINGLE, other.get()));
    }
    return Stream.concat(description.stream(), Stream.of(INDEX).filter(snapshot::has)).toList();
  }

  /** The files of the tokenizer. */
  static List<String> tokenizer(Snapshot snapshot) {
    return Stream.concat(
            ModelDirectory.tokenizerFiles().stream().filter(snapshot::has),
            snapshot.files().keySet().stream()
                .filter(path -> path.startsWith(MORE_TEMPLATES) && path.endsWith(".jinja"))
                .sorted())
        .toList();
  }

  /**
   * The files of the weights; none where the repository has none.
   *
   * @param folder of the files that are there, the index among them
   */
  static List<String> weights(Snapshot snapshot, Path folder) throws IOException {
    if (!snapshot.has(INDEX)) {
      return snapshot.has(SINGLE) ? List.of(SINGLE) : List.of();
    }
    JsonNode names = JSON.readTree(folder.resolve(INDEX).toFile()).path("weight_map");
    TreeSet<String> files = new TreeSet<>();
    names.forEach(name -> files.add(name.asText()));
    return List.copyOf(files);
  }
}
