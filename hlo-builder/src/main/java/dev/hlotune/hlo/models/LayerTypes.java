package dev.hlotune.hlo.models;

import dev.hlotune.hlo.nn.Attention;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/** Which layers see a window, where not all do. */
final class LayerTypes {
  private static final String KEY = "layer_types";
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  private LayerTypes() {}

  /**
   * For each layer, whether it sees a window: what {@code layer_types} lists.
   *
   * @param otherwise the family's own rule, by the layer's number from 0
   */
  static List<Boolean> sliding(ModelConfig json, int layers, IntPredicate otherwise) {
    List<Boolean> sliding = new ArrayList<>();
    if (json.has(KEY)) {
      String expected =
          "a list of \"" + FULL + "\" and \"" + SLIDING + "\" for " + layers + " layers";
      for (Object type : json.list(KEY, expected)) {
        if (!type.equals(FULL) && !type.equals(SLIDING)) {
          throw json.wrong(KEY, expected, "\"" + type + "\"");
        }
        sliding.add(type.equals(SLIDING));
      }
      if (sliding.size() != layers) {
        throw json.wrong(KEY, expected, sliding.size());
      }
      return sliding;
    }
    for (int i = 0; i < layers; i++) {
      sliding.add(otherwise.test(i));
    }
    return sliding;
  }

  /** Each layer's attention, within {@code sliding_window} where it is to see a window. */
  static List<Attention> attentions(ModelConfig json, Attention attention, List<Boolean> sliding) {
    OptionalInt window = json.optionalInteger("sliding_window");
    if (sliding.contains(true) && window.isEmpty()) {
      throw json.wrong("sliding_window", "a whole number, as some layers see a window", "none");
    }
    return sliding.stream().map(has -> has ? attention.within(window) : attention).toList();
  }

  /** Qwen's rule: a window from {@code max_window_layers} on, if {@code use_sliding_window}. */
  static List<Attention> fromLayerOn(ModelConfig json, int layers, Attention attention) {
    boolean windows = json.flag("use_sliding_window");
    int first = json.count("max_window_layers");
    List<Boolean> sliding =
        sliding(json, layers, i -> windows && json.has("sliding_window") && i >= first);
    if (!windows && sliding.contains(true)) {
      throw json.wrong(KEY, "no \"" + SLIDING + "\" without \"use_sliding_window\"", SLIDING);
    }
    return attentions(json, attention, sliding);
  }
}
