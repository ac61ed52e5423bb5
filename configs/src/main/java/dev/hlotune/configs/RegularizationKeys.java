package dev.hlotune.configs;

/** The keys of what is done against fitting the data too closely. */
final class RegularizationKeys {
  private RegularizationKeys() {}

  static final Key<Double> ATTENTION_DROPOUT =
      Key.optional(
              "attention_dropout",
              RealNumber.share(),
              "The part of attention's probabilities that is dropped in training. Without it, what"
                  + " the model's config.json says, as for the next two.")
          .alias("attn_pdrop");

  static final Key<Double> RESID_PDROP =
      Key.optional(
              "resid_pdrop",
              RealNumber.share(),
              "The part of what a layer adds to the residual that is dropped in training (GPT-2 and"
                  + " Phi-3). Without it, what config.json says.")
          .alias("residual_dropout");

  static final Key<Double> EMBD_PDROP =
      Key.optional(
              "embd_pdrop",
              RealNumber.share(),
              "The part of the embedding that is dropped in training (GPT-2). Without it, what"
                  + " config.json says.")
          .alias("embedding_dropout");

  static final Key<Double> NEFTUNE =
      Key.optional(
          "neftune_noise_alpha",
          RealNumber.atLeast(0),
          "Noise on embeddings in training, up to alpha / sqrt(length x width) (Jain et al. 2023)."
              + " Without it, none.");

  static final Key<Double> LABEL_SMOOTHING =
      Key.preset(
              "label_smoothing_factor",
              RealNumber.share(),
              0.0,
              "The part of every target that is spread over all words.")
          .alias("label_smoothing");

  static final Key<Double> Z_LOSS =
      Key.preset(
              "z_loss",
              RealNumber.atLeast(0),
              0.0,
              "The weight of log(Z)^2 beside the loss of a token, Z the sum of its exponentiated"
                  + " logits; 1e-4 is usual (Chowdhery et al. 2022).")
          .alias("z_loss_multiplier");

  static final Key<LossType> LOSS_TYPE =
      Key.preset(
          "loss_type",
          Choice.of(LossType.values()),
          LossType.NLL,
          "What the loss of a token is: 'nll', or 'dft', which weighs it with the token's"
              + " probability (Wu et al. 2025).");
}
