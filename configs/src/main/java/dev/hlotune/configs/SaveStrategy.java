package dev.hlotune.configs;

/** When checkpoints are saved during a run. */
public enum SaveStrategy implements Spelled {
  /** Never; a run that is asked to stop leaves one all the same. */
  NO("no none false"),
  /** Every {@code save_steps} steps. */
  STEPS("steps"),
  /** At the end of each epoch. */
  EPOCH("epoch"),
  /** Whenever an evaluation is better than all before it. */
  BEST("best");

  private final String spellings;

  SaveStrategy(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
