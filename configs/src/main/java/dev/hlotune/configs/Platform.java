package dev.hlotune.configs;

/** The kind of device, each with its plugin. */
public enum Platform implements Spelled {
  CPU("cpu"),
  CUDA13("cuda13 cuda gpu"),
  TPU("tpu");

  private final String spellings;

  Platform(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
