package dev.hlotune.trainer.step;

import dev.hlotune.hlo.nn.CrossEntropy;
import dev.hlotune.hlo.nn.Dropout;
import dev.hlotune.hlo.nn.Noise;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is done to a step against fitting the data too closely. A program has in it what is not zero
 * here; how much there is of it are inputs, so that other amounts need no other program.
 *
 * @param dropouts probabilities from 0 to below 1; what is missing is 0
 * @param neftuneAlpha noise on embeddings (Jain et al. 2023); 0 for none
 * @param labelSmoothing the part of the target that is spread over all words; 0 for none
 * @param zLoss weight of the squared logarithm of the partition function; 0 for none
 * @param dft whether a token's loss is multiplied with its probability (Wu et al. 2025)
 */
public record Regularization(
    Map<Dropout, Double> dropouts,
    double neftuneAlpha,
    double labelSmoothing,
    double zLoss,
    boolean dft) {
  /** None of it. */
  public static final Regularization NONE = new Regularization(Map.of(), 0, 0, 0, false);

  /** Leaves out what is zero. */
  public Regularization {
    Map<Dropout, Double> kept = new EnumMap<>(Dropout.class);
    dropouts.forEach((place, rate) -> {
      if (!(rate >= 0 && rate < 1)) {
        throw new IllegalArgumentException(
            "dropout: expected from 0 to below 1, got " + rate + " for " + place);
      }
      if (rate > 0) {
        kept.put(place, rate);
      }
    });
    dropouts = Collections.unmodifiableMap(kept);
  }

  /** Whether a step needs random bits. */
  boolean isRandom() {
    return !dropouts.isEmpty() || neftuneAlpha > 0;
  }

  /** The amounts by the names of the program's inputs, in their order. */
  public ParamMap<Double> amounts() {
    ParamMap<Double> amounts = ParamMap.empty();
    for (Map.Entry<Dropout, Double> dropout : dropouts.entrySet()) {
      amounts = amounts.plus(dropout.getKey().rate(), dropout.getValue());
    }
    if (neftuneAlpha > 0) {
      amounts = amounts.plus(Noise.ALPHA, neftuneAlpha);
    }
    if (labelSmoothing > 0) {
      amounts = amounts.plus(CrossEntropy.LABEL_SMOOTHING, labelSmoothing);
    }
    return zLoss > 0 ? amounts.plus(CrossEntropy.Z_LOSS, zLoss) : amounts;
  }
}
