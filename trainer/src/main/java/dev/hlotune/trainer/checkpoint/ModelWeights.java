package dev.hlotune.trainer.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The weights of a Hugging Face model directory, open: one {@code model.safetensors}, or the shards
 * that {@code model.safetensors.index.json} names.
 *
 * <p>The entries are views of the mapped files, valid until {@link #close}.
 */
public final class ModelWeights implements AutoCloseable {
  /** The file of a model that is not sharded. */
  static final String SINGLE = "model.safetensors";

  /** The file that says which shard holds which tensor. */
  static final String INDEX = "model.safetensors.index.json";

  // The hub's oldest files hold the base model alone, whose names lack the head model's prefix.
  private static final List<String> BASE_MODEL_PREFIXES = List.of("transformer.", "model.");

  private final Path directory;
  private final List<SafetensorsFile> files;
  private final Map<String, TensorEntry> tensors;

  private ModelWeights(
      Path directory, List<SafetensorsFile> files, Map<String, TensorEntry> tensors) {
    this.directory = directory;
    this.files = files;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Opens the weights in a directory. Where there is an index it decides, and the single file is
   * not looked at.
   *
   * @throws IOException if a file cannot be read
   * @throws dev.hlotune.trainer.source.DataException if there are no weights, a shard is missing,
   *     or a file is malformed
   */
  public static ModelWeights open(Path directory) throws IOException {
    List<SafetensorsFile> files = new ArrayList<>();
    try {
      Map<String, TensorEntry> tensors;
      if (Files.exists(directory.resolve(INDEX))) {
        tensors = openShards(directory, files);
      } else if (Files.exists(directory.resolve(SINGLE))) {
        SafetensorsFile file = SafetensorsFile.open(directory.resolve(SINGLE));
        files.add(file);
        tensors = file.tensors();
      } else {
        throw Malformed.file(
            directory,
            "weights: expected '%s' or '%s' in the folder, got neither; save the model with safetensors"
                .formatted(SINGLE, INDEX));
      }
      return new ModelWeights(directory, files, tensors);
    } catch (IOException | RuntimeException e) {
      files.forEach(SafetensorsFile::close);
      throw e;
    }
  }

  /** All tensors by their name in the files. */
  public Map<String, TensorEntry> tensors() {
    return tensors;
  }

  /**
   * The tensor of this name, or, where there is none, the one without the prefix {@code
   * transformer.} or {@code model.}, as in files that hold the base model alone.
   */
  public Optional<TensorEntry> find(String name) {
    TensorEntry exact = tensors.get(name);
    if (exact != null) {
      return Optional.of(exact);
    }
    return BASE_MODEL_PREFIXES.stream()
        .filter(name::startsWith)
        .map(prefix -> tensors.get(name.substring(prefix.length())))
        .flatMap(entry -> Optional.ofNullable(entry).stream())
        .findFirst();
  }

  /**
   * The tensors that a model asks for, each under the name that it asked with.
   *
   * @param expected the shape by name
   * @param copies what the files may hold besides: by name, the tensor that it has to equal, such
   *     as a head that is tied to the embedding
   * @return an entry for every name of {@code expected}, in its order
   * @throws dev.hlotune.trainer.source.DataException if any is missing, has another shape or no
   *     floats, or if the files hold weights that the model has not, naming them
   */
  public Map<String, TensorEntry> match(
      Map<String, List<Long>> expected, Map<String, String> copies) {
    TensorMatch match = TensorMatch.of(this, expected, copies);
    if (!match.problems().isEmpty()) {
      throw Malformed.file(
          directory,
          "weights: expected the %d tensors of the model in 'config.json', got %s"
              .formatted(expected.size(), match.shown()));
    }
    return match.found();
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }

  private static Map<String, TensorEntry> openShards(Path directory, List<SafetensorsFile> files)
      throws IOException {
    Path index = directory.resolve(INDEX);
    if (!(JsonFile.read(index).get("weight_map") instanceof Map<?, ?> weightMap)) {
      throw Malformed.file(index, "'weight_map': expected an object of file names, got none");
    }
    Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    for (String shard : new TreeSet<>(weightMap.values().stream().map(Object::toString).toList())) {
      Path path = directory.resolve(shard);
      if (!path.normalize().startsWith(directory.normalize())) {
        throw Malformed.file(
            index, "'weight_map': expected files of the same folder, got '%s'".formatted(shard));
      }
      if (!Files.exists(path)) {
        throw Malformed.file(
            index,
            "'weight_map': expected the shard '%s' in the folder, got none".formatted(shard));
      }
      SafetensorsFile file = SafetensorsFile.open(path);
      files.add(file);
      shards.put(shard, file);
    }
    Map<String, TensorEntry> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : weightMap.entrySet()) {
      String name = entry.getKey().toString();
      SafetensorsFile file = shards.get(entry.getValue().toString());
      if (file != null) {
        tensors.put(name, file.tensor(name));
      }
    }
    return tensors;
  }
}
