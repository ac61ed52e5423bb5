package dev.hlotune.configs;

/** When held-out questions are answered. */
public enum GenerateStrategy implements Spelled {
  /** When the run is over. */
  END("end"),
  /** At every evaluation too. */
  EVAL("eval");

  private final String spellings;

  GenerateStrategy(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
