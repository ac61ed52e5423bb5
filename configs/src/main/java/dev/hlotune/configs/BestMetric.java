package dev.hlotune.configs;

/** By what one evaluation is better than another. */
public enum BestMetric implements Spelled {
  /** The mean loss on held-out data. */
  LOSS("eval_loss loss");

  private final String spellings;

  BestMetric(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
