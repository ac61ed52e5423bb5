package dev.hlotune.hlo.models;

import dev.hlotune.hlo.ShapeException;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The model families, by {@code model_type}; a new one is one file and one line here. */
public final class Families {
  private static final Map<String, BiFunction<ModelConfig, Layout, CausalModel>> BY_TYPE =
      new TreeMap<>(Map.of("gpt2", Gpt2::of, "llama", Llama::of));

  private Families() {}

  /**
   * The model that a {@code config.json} describes.
   *
   * @throws ShapeException if its architecture or a variant in it is not supported
   */
  public static CausalModel of(ModelConfig json, Layout layout) {
    String type = json.text("model_type", "");
    BiFunction<ModelConfig, Layout, CausalModel> family = BY_TYPE.get(type);
    if (family == null) {
      throw new ShapeException(
          "model config key \"model_type\": expected one of "
              + BY_TYPE.keySet()
              + ", got \""
              + type
              + "\"");
    }
    return family.apply(json, layout);
  }
}
