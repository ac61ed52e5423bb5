package dev.hlotune.hlo.optim;

import java.util.Locale;
import java.util.regex.Pattern;

/** Which weights decay by default. */
public final class DecayMask {
  /**
   * As {@code Trainer.get_decay_parameter_names} of transformers 5 has them; its layers of type
   * {@code LayerNorm} are recognized by their names, {@code ln_1}, {@code ln_f} and the like.
   */
  private static final Pattern EXCLUDED =
      Pattern.compile(
          "bias|layernorm|rmsnorm|(?:^|\\.)norm(?:$|\\.)|_norm(?:$|\\.)|(?:^|\\.)ln_[a-z0-9]+(?:$|\\.)");

  private DecayMask() {}

  /** True except for biases and the weights of norms; embeddings decay. */
  public static boolean decays(String name) {
    return !EXCLUDED.matcher(name.toLowerCase(Locale.ROOT)).find();
  }
}
