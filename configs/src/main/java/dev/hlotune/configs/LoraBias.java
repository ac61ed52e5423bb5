package dev.hlotune.configs;

/** Which biases are trained beside adapters. */
public enum LoraBias implements Spelled {
  /** None. */
  NONE("none"),
  /** All of the model's. */
  ALL("all"),
  /** Those of the layers with an adapter. */
  LORA_ONLY("lora_only");

  private final String spellings;

  LoraBias(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
