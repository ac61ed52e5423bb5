package dev.hlotune.configs;

import java.util.Optional;

/**
 * What is done against fitting the data too closely.
 *
 * @param attentionDropout of attention's probabilities; empty takes the model's own, as for the
 *     next two
 * @param residualDropout of what a layer adds
 * @param embeddingDropout of the embedding
 * @param neftuneAlpha noise on embeddings
 * @param labelSmoothing the part of a target that is spread
 * @param zLoss weight of the squared log-partition
 * @param lossType what the loss of a token is
 */
public record RegularizationConfig(
    Optional<Double> attentionDropout,
    Optional<Double> residualDropout,
    Optional<Double> embeddingDropout,
    Optional<Double> neftuneAlpha,
    double labelSmoothing,
    double zLoss,
    LossType lossType) {

  /** Holds the bounds. */
  public RegularizationConfig {
    new Checks()
        .within(RegularizationKeys.ATTENTION_DROPOUT, attentionDropout)
        .within(RegularizationKeys.RESID_PDROP, residualDropout)
        .within(RegularizationKeys.EMBD_PDROP, embeddingDropout)
        .within(RegularizationKeys.NEFTUNE, neftuneAlpha)
        .within(RegularizationKeys.LABEL_SMOOTHING, labelSmoothing)
        .within(RegularizationKeys.Z_LOSS, zLoss)
        .require(
            lossType == LossType.NLL || labelSmoothing == 0,
            "'label_smoothing_factor': expected 0 beside 'loss_type' 'dft', got " + labelSmoothing,
            RegularizationKeys.LABEL_SMOOTHING,
            RegularizationKeys.LOSS_TYPE)
        .done();
  }

  static RegularizationConfig of(Settings settings) {
    return new RegularizationConfig(
        settings.find(RegularizationKeys.ATTENTION_DROPOUT),
        settings.find(RegularizationKeys.RESID_PDROP),
        settings.find(RegularizationKeys.EMBD_PDROP),
        settings.find(RegularizationKeys.NEFTUNE),
        settings.get(RegularizationKeys.LABEL_SMOOTHING),
        settings.get(RegularizationKeys.Z_LOSS),
        settings.get(RegularizationKeys.LOSS_TYPE));
  }

  void addTo(Values values) {
    values
        .put(RegularizationKeys.ATTENTION_DROPOUT, attentionDropout)
        .put(RegularizationKeys.RESID_PDROP, residualDropout)
        .put(RegularizationKeys.EMBD_PDROP, embeddingDropout)
        .put(RegularizationKeys.NEFTUNE, neftuneAlpha)
        .put(RegularizationKeys.LABEL_SMOOTHING, labelSmoothing)
        .put(RegularizationKeys.Z_LOSS, zLoss)
        .put(RegularizationKeys.LOSS_TYPE, lossType);
  }
}
