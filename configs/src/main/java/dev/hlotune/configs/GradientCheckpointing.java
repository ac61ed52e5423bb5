package dev.hlotune.configs;

/** What the backward pass computes again instead of keeping it from the forward pass. */
public enum GradientCheckpointing implements Spelled {
  /** Keeps every activation: fastest, most memory. */
  NONE("none false no off everything_saveable"),
  /** Keeps the results of matrix products and computes the rest again. */
  DOTS("dots checkpoint_dots"),
  /** Keeps the input of each layer only: least memory. */
  FULL("full true yes on nothing_saveable");

  private final String spellings;

  GradientCheckpointing(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
