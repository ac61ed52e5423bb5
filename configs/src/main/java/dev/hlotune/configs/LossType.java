package dev.hlotune.configs;

/** What the loss of a token is. */
public enum LossType implements Spelled {
  /** Its cross-entropy. */
  NLL("nll chunked_nll cross_entropy"),
  /** Its cross-entropy times its probability, the latter a constant (Wu et al. 2025). */
  DFT("dft");

  private final String spellings;

  LossType(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
