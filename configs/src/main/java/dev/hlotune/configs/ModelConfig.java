package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is trained.
 *
 * @param model a model directory, a config.json to start from random weights, or a model of the hub
 * @param revision of a model on the hub; empty takes {@code main}
 * @param tokenizer a directory with tokenizer.json, that file, or a repository of the hub; empty
 *     takes the model's
 * @param tokens special tokens that the tokenizer is given
 * @param dtype the number format of the computation
 * @param freeze which weights are not trained
 * @param regularization what is done against fitting too closely
 * @param lora adapters that are trained in place of the model's own weights
 * @param gradientCheckpointing what the backward pass computes again
 * @param scanLayers whether the layers are one loop in the compiled program
 */
public record ModelConfig(
    Location model,
    Optional<String> revision,
    Optional<Location> tokenizer,
    TokenConfig tokens,
    ComputeType dtype,
    FreezeConfig freeze,
    RegularizationConfig regularization,
    Optional<LoraConfig> lora,
    GradientCheckpointing gradientCheckpointing,
    boolean scanLayers) {

  public ModelConfig {
    new Checks()
        .require(
            revision.isEmpty() || model instanceof Location.OnHub,
            "'model_revision': expected a model of the hub beside it, got '" + model + "'",
            ModelKeys.REVISION,
            ModelKeys.MODEL)
        .require(
            lora.isEmpty() || freeze.frozen().isEmpty(),
            "'frozen_parameters': expected none beside adapters, which train nothing else, got "
                + freeze.frozen(),
            FreezeKeys.FROZEN,
            LoraKeys.USE_PEFT)
        .done();
  }

  static ModelConfig of(Settings settings) {
    Location model = settings.get(ModelKeys.MODEL);
    return new ModelConfig(
        model,
        settings
            .find(ModelKeys.REVISION)
            .filter(named -> model instanceof Location.OnHub || !named.equals("main")),
        settings.find(ModelKeys.TOKENIZER),
        TokenConfig.of(settings),
        settings.get(ModelKeys.DTYPE),
        FreezeConfig.of(settings),
        RegularizationConfig.of(settings),
        LoraConfig.of(settings),
        settings.get(ModelKeys.GRADIENT_CHECKPOINTING),
        settings
            .find(ModelKeys.SCAN_LAYERS)
            .orElse(settings.get(ModelKeys.GRADIENT_CHECKPOINTING) != GradientCheckpointing.NONE));
  }

  void addTo(Values values) {
    values
        .put(ModelKeys.MODEL, model)
        .put(ModelKeys.REVISION, revision)
        .put(ModelKeys.TOKENIZER, tokenizer)
        .put(ModelKeys.DTYPE, dtype)
        .put(ModelKeys.GRADIENT_CHECKPOINTING, gradientCheckpointing)
        .put(ModelKeys.SCAN_LAYERS, scanLayers);
    tokens.addTo(values);
    freeze.addTo(values);
    regularization.addTo(values);
    LoraConfig.addTo(values, lora);
  }

  /**
   * The same on this machine: with the places that what is on the hub was fetched to.
   *
   * @param fetchedModel where the model is
   * @param fetchedTokenizer where the tokenizer is, if it is not the model's
   */
  public ModelConfig fetched(Path fetchedModel, Optional<Path> fetchedTokenizer) {
    return new ModelConfig(
        new Location.Local(fetchedModel),
        Optional.empty(),
        fetchedTokenizer.map(Location.Local::new),
        tokens,
        dtype,
        freeze,
        regularization,
        lora,
        gradientCheckpointing,
        scanLayers);
  }

  /**
   * The directory of the model's config.json.
   *
   * @throws IllegalStateException if the model is on the hub
   */
  public Path modelDirectory() {
    return directory(model.path());
  }

  /**
   * The directory of the tokenizer's files: of the one named, else the model's.
   *
   * @throws IllegalStateException if it is on the hub
   */
  public Path tokenizerPath() {
    return directory(tokenizer.orElse(model).path());
  }

  private static Path directory(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return path.toString().endsWith(".json") && parent != null ? parent : path;
  }
}
