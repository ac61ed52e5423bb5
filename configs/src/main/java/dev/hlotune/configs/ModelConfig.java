package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is trained.
 *
 * @param model a model directory, or a config.json to start from random weights
 * @param tokenizer a directory with tokenizer.json, or that file; empty takes the model's
 * @param dtype the number format of the computation
 * @param gradientCheckpointing what the backward pass computes again
 * @param scanLayers whether the layers are one loop in the compiled program
 */
public record ModelConfig(
    Path model,
    Optional<Path> tokenizer,
    ComputeType dtype,
    GradientCheckpointing gradientCheckpointing,
    boolean scanLayers) {

  static ModelConfig of(Settings settings) {
    return new ModelConfig(
        settings.get(ModelKeys.MODEL),
        settings.find(ModelKeys.TOKENIZER),
        settings.get(ModelKeys.DTYPE),
        settings.get(ModelKeys.GRADIENT_CHECKPOINTING),
        settings.get(ModelKeys.SCAN_LAYERS));
  }

  void addTo(Values values) {
    values
        .put(ModelKeys.MODEL, model)
        .put(ModelKeys.TOKENIZER, tokenizer)
        .put(ModelKeys.DTYPE, dtype)
        .put(ModelKeys.GRADIENT_CHECKPOINTING, gradientCheckpointing)
        .put(ModelKeys.SCAN_LAYERS, scanLayers);
  }

  /** The directory of the model's config.json. */
  public Path modelDirectory() {
    Path parent = model.toAbsolutePath().getParent();
    return model.toString().endsWith(".json") && parent != null ? parent : model;
  }

  /** Where the tokenizer is: the one named, else the model's directory. */
  public Path tokenizerPath() {
    return tokenizer.orElseGet(this::modelDirectory);
  }
}
