package dev.hlotune.configs;

/** When the loss on held-out data is measured. */
public enum EvaluationStrategy implements Spelled {
  /** Never. */
  NO("no none false"),
  /** Every {@code eval_steps} steps, and at the end. */
  STEPS("steps"),
  /** At the end of each epoch. */
  EPOCH("epoch");

  private final String spellings;

  EvaluationStrategy(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
