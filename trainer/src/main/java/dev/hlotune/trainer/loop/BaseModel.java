package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.ParameterSpec;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.step.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The model that a run starts from: a {@code config.json}, and weights where its directory has
 * them.
 *
 * @param path as the recipe names it
 * @param json what its {@code config.json} says
 * @param saved what that describes, and what the weights in the files are of
 * @param model the same, with rows for the tokens that the run adds
 * @param hasWeights whether weights lie beside it; without, they are drawn by the seed
 */
record BaseModel(
    Path path, Map<String, Object> json, CausalModel saved, CausalModel model, boolean hasWeights) {
  private static final String VOCABULARY = "vocab_size";

  private static final Pattern OTHER_WEIGHTS =
      Pattern.compile(
          "pytorch_model.*\\.bin|tf_model\\.h5|flax_model\\.msgpack|.*\\.(safetensors|gguf|pth)");

  /**
   * Reads the configuration and looks at the weights, so that what is wrong with them is known
   * before anything takes time.
   *
   * @throws DataException if the model cannot be used
   * @throws ConfigException if the recipe does not fit it
   */
  static BaseModel open(SftConfig config) throws IOException {
    BaseModel base = ofAnyLength(config);
    int most = base.model().maxPositions();
    if (config.data().maxLength() > most) {
      throw ConfigException.of(
          "'max_length': expected at most the model's %d positions, got %d"
              .formatted(most, config.data().maxLength()));
    }
    return base;
  }

  /** The same, whatever {@code max_length} is. */
  static BaseModel ofAnyLength(SftConfig config) throws IOException {
    Path path = config.model().model().path();
    Map<String, Object> json = ModelDirectory.readConfig(path);
    CausalModel model = read(path, json, config);
    boolean hasWeights = Files.isDirectory(path) && hasWeights(path);
    if (hasWeights) {
      try (ModelWeights files = ModelWeights.open(path)) {
        Weights.check(model, files);
      }
    }
    return new BaseModel(path, json, model, model, hasWeights);
  }

  /** This model with so many tokens, which are at least as many as it has. */
  BaseModel withVocabulary(int tokens, SftConfig config) {
    Map<String, Object> larger = new LinkedHashMap<>(json);
    larger.put(VOCABULARY, tokens);
    return new BaseModel(path, json, saved, read(path, larger, config), hasWeights);
  }

  /** What the trained model's {@code config.json} says other than {@link #json}. */
  Map<String, Object> configChanges() {
    return model.vocabulary() == saved.vocabulary()
        ? Map.of()
        : Map.of(VOCABULARY, model.vocabulary());
  }

  /**
   * The model by its configuration alone, without a look at the weights; empty where there is only
   * a tokenizer.
   */
  static Optional<BaseModel> describe(SftConfig config) throws IOException {
    Path path = config.model().model().path();
    if (Files.isDirectory(path) && !Files.exists(path.resolve("config.json"))) {
      return Optional.empty();
    }
    Map<String, Object> json = ModelDirectory.readConfig(path);
    CausalModel model = read(path, json, config);
    return Optional.of(new BaseModel(path, json, model, model, false));
  }

  private static CausalModel read(Path path, Map<String, Object> json, SftConfig config) {
    try {
      return Families.of(new ModelConfig(json), Recipes.layout(config.model()));
    } catch (ShapeException e) {
      Path file = Files.isDirectory(path) ? path.resolve("config.json") : path;
      throw new DataException(file, String.valueOf(e.getMessage()), e);
    }
  }

  /** Weights in another form must not pass for none. */
  private static boolean hasWeights(Path directory) throws IOException {
    if (Files.exists(directory.resolve("model.safetensors"))
        || Files.exists(directory.resolve("model.safetensors.index.json"))) {
      return true;
    }
    try (Stream<Path> files = Files.list(directory)) {
      Optional<String> other =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> OTHER_WEIGHTS.matcher(name).matches())
              .sorted()
              .findFirst();
      if (other.isPresent()) {
        throw new DataException(
            directory,
            "weights: expected 'model.safetensors', got '%s'; save the model with safetensors, or name its config.json to start from random weights"
                .formatted(other.get()));
      }
    }
    return false;
  }

  /** The size of the residual stream. */
  int width() {
    Shape embedding = model.parameters().values().getFirst().shape();
    return embedding.axis("embed").size();
  }

  /**
   * Weights on the device: those beside the configuration, or random ones.
   *
   * @param wanted all weights, in the types wanted
   */
  List<ShardedBuffer> weights(Storage storage, ParamMap<ParameterSpec> wanted, long seed)
      throws IOException {
    if (!hasWeights) {
      return Weights.random(storage, wanted, seed);
    }
    try (ModelWeights files = ModelWeights.open(path)) {
      return Weights.load(storage, wanted, saved, files);
    }
  }
}
