package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.ShapeException;
import java.util.List;

/**
 * How rotary frequencies are stretched so that a model reads longer texts than it was first trained
 * on. Each computes in f32, as transformers' {@code modeling_rope_utils} does.
 */
public sealed interface RopeScaling {
  /**
   * The frequencies of a text that is not longer than those first trained on.
   *
   * @param unscaled theta^(-2i/size), one for each pair of elements
   */
  float[] frequencies(float[] unscaled);

  /** What cosine and sine are multiplied with. */
  default double amplitude() {
    return 1;
  }

  /** No scaling. */
  record None() implements RopeScaling {
    @Override
    public float[] frequencies(float[] unscaled) {
      return unscaled;
    }
  }

  /** Positions divided by a factor (Chen et al. 2023, eq. 4). */
  record Linear(double factor) implements RopeScaling {
    @Override
    public float[] frequencies(float[] unscaled) {
      float[] scaled = unscaled.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] /= (float) factor;
      }
      return scaled;
    }
  }

  /**
   * Llama 3.1's: long wavelengths are divided by a factor, short ones kept, those between
   * interpolated (Grattafiori et al. 2024; Meta's {@code apply_scaling}).
   *
   * @param lowFactor wavelengths above original/lowFactor are long
   * @param highFactor wavelengths below original/highFactor are short
   * @param original positions first trained on
   */
  record Llama3(double factor, double lowFactor, double highFactor, int original)
      implements RopeScaling {
    public Llama3 {
      if (!(highFactor > lowFactor)) {
        throw new ShapeException(
            "rotary scaling \"llama3\": expected \"high_freq_factor\" above \"low_freq_factor\","
                + " got "
                + highFactor
                + " and "
                + lowFactor);
      }
    }

    @Override
    public float[] frequencies(float[] unscaled) {
      float[] scaled = new float[unscaled.length];
      for (int i = 0; i < scaled.length; i++) {
        float own = unscaled[i];
        float wavelength = (float) (2 * Math.PI) / own;
        if (wavelength < original / highFactor) {
          scaled[i] = own;
        } else if (wavelength > original / lowFactor) {
          scaled[i] = own / (float) factor;
        } else {
          float smooth =
              (original / wavelength - (float) lowFactor) / (float) (highFactor - lowFactor);
          scaled[i] = (1 - smooth) * own / (float) factor + smooth * own;
        }
      }
      return scaled;
    }
  }

  /**
   * YaRN: a ramp from kept frequencies to divided ones (Peng et al. 2023, section 3.2), and larger
   * scores (eq. 22).
   *
   * @param keptUpTo the pair up to which frequencies are kept
   * @param dividedFrom the pair from which they are divided
   */
  record Yarn(double factor, double amplitude, double keptUpTo, double dividedFrom)
      implements RopeScaling {
    @Override
    public float[] frequencies(float[] unscaled) {
      double width = keptUpTo == dividedFrom ? 0.001 : dividedFrom - keptUpTo;
      float[] scaled = new float[unscaled.length];
      for (int i = 0; i < scaled.length; i++) {
        float ramp = Math.clamp((i - (float) keptUpTo) / (float) width, 0f, 1f);
        float kept = 1 - ramp;
        float divided = unscaled[i] / (float) factor;
        scaled[i] = divided * (1 - kept) + unscaled[i] * kept;
      }
      return scaled;
    }

    /**
     * The pair of elements that turns so often over the positions first trained on.
     *
     * @param size elements that are rotated
     */
    public static double pair(double rotations, int size, double theta, int original) {
      return size * Math.log(original / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }
  }

  /**
   * LongRoPE: every frequency divided by a factor of its own, which is another one in texts longer
   * than those first trained on (Ding et al. 2024).
   *
   * @param shorter factors of texts of at most {@code original} positions
   * @param longer factors of longer texts
   */
  record LongRope(List<Double> shorter, List<Double> longer, int original, double amplitude)
      implements RopeScaling {
    public LongRope {
      shorter = List.copyOf(shorter);
      longer = List.copyOf(longer);
    }

    @Override
    public float[] frequencies(float[] unscaled) {
      return divided(unscaled, shorter);
    }
  }

  /** Every frequency divided by its own factor, of which there is one for each. */
  static float[] divided(float[] unscaled, List<Double> factors) {
    float[] scaled = unscaled.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= factors.get(i).floatValue();
    }
    return scaled;
  }
}
