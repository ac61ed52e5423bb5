package dev.hlotune.hlo.models;

import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.nn.Rope;
import dev.hlotune.hlo.nn.RopeScaling;
import java.util.Collection;
import java.util.List;

/**
 * Reads how positions are rotated, as transformers 4 wrote it ({@code rope_theta} beside {@code
 * rope_scaling}, whose kind is {@code type} or {@code rope_type}) and as 5 does ({@code
 * rope_parameters}).
 */
final class RopeConfig {
  /** The scalings that there are. */
  static final List<String> ALL =
      List.of("default", "linear", "dynamic", "llama3", "yarn", "longrope");

  private static final String KIND = "rope_type";
  static final String PARTIAL = "partial_rotary_factor";
  private static final String ORIGINAL = "original_max_position_embeddings";

  private RopeConfig() {}

  /** The rotation of a whole head, under any scaling. */
  static Rope of(ModelConfig json, int headSize) {
    return whole(json, parameters(json), headSize, ALL);
  }

  /** As {@link #of(ModelConfig, ModelConfig, int, Collection)}, of a whole head. */
  static Rope whole(ModelConfig json, ModelConfig keys, int headSize, Collection<String> known) {
    for (ModelConfig place : List.of(json, keys)) {
      if (place.optionalNumber(PARTIAL).orElse(1) != 1) {
        throw place.wrong(PARTIAL, "1, as this family rotates whole heads", place.number(PARTIAL));
      }
    }
    return of(json, keys, headSize, known);
  }

  /**
   * The rotation that the given object describes.
   *
   * @param json the top level, for what the object leaves to it
   * @param keys the object
   * @param size elements of a head that are rotated
   * @param known the scalings that the family has
   */
  static Rope of(ModelConfig json, ModelConfig keys, int size, Collection<String> known) {
    if (size % 2 != 0) {
      throw new ShapeException(
          "model config: expected an even number of rotated elements in a head, got " + size);
    }
    double theta = keys.optionalNumber("rope_theta").orElseGet(() -> json.number("rope_theta"));
    RopeScaling scaling =
        switch (kind(keys, known)) {
          case "linear" -> new RopeScaling.Linear(keys.number("factor"));
          case "llama3" ->
              new RopeScaling.Llama3(
                  keys.number("factor"),
                  keys.number("low_freq_factor"),
                  keys.number("high_freq_factor"),
                  original(json, keys));
          case "yarn" -> yarn(json, keys, size, theta);
          case "longrope" -> longrope(json, keys);
          // Dynamic scaling begins beyond the longest row that there is, see maxPositions.
          default -> new RopeScaling.None();
        };
    return new Rope(size, theta, scaling);
  }

  /** The object of either version; where both are there, transformers takes the old one. */
  static ModelConfig parameters(ModelConfig json) {
    ModelConfig old = json.object("rope_scaling");
    return old.keys().isEmpty() ? json.object("rope_parameters") : old;
  }

  private static String kind(ModelConfig keys, Collection<String> known) {
    String key = keys.has(KIND) ? KIND : "type";
    return keys.has(key) ? keys.choice(key, known) : "default";
  }

  /** Positions first trained on; a key of the top level goes before the object's. */
  private static int original(ModelConfig json, ModelConfig keys) {
    return json.optionalInteger(ORIGINAL)
        .orElseGet(() ->
            keys.optionalInteger(ORIGINAL)
                .orElseGet(() -> json.integer("max_position_embeddings")));
  }

  private static double factor(ModelConfig json, ModelConfig keys) {
    return keys.optionalNumber("factor")
        .orElseGet(() -> json.number("max_position_embeddings") / (double) original(json, keys));
  }

  private static RopeScaling yarn(ModelConfig json, ModelConfig keys, int size, double theta) {
    double factor = factor(json, keys);
    double amplitude =
        keys.has("mscale") && keys.has("mscale_all_dim")
            ? amplitude(factor, keys.number("mscale"))
                / amplitude(factor, keys.number("mscale_all_dim"))
            : amplitude(factor, 1);
    int original = original(json, keys);
    double low =
        RopeScaling.Yarn.pair(keys.optionalNumber("beta_fast").orElse(32), size, theta, original);
    double high =
        RopeScaling.Yarn.pair(keys.optionalNumber("beta_slow").orElse(1), size, theta, original);
    boolean truncated = !keys.has("truncate") || keys.flag("truncate");
    return new RopeScaling.Yarn(
        factor,
        keys.optionalNumber("attention_factor").orElse(amplitude),
        Math.max(truncated ? Math.floor(low) : low, 0),
        Math.min(truncated ? Math.ceil(high) : high, size - 1));
  }

  /** YaRN, eq. 22, as a factor of cosine and sine. */
  private static double amplitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  private static RopeScaling longrope(ModelConfig json, ModelConfig keys) {
    int original = original(json, keys);
    double factor = factor(json, keys);
    double amplitude = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
    return new RopeScaling.LongRope(
        keys.numbers("short_factor"),
        keys.numbers("long_factor"),
        original,
        keys.optionalNumber("attention_factor").orElse(amplitude));
  }
}
