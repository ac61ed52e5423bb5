package dev.hlotune.configs;

/** Where the optimizer's state lies between updates. */
public enum OffloadOptimizer implements Spelled {
  /** On the devices. */
  NONE("none no false device"),
  /** In the host's memory, as far as the device can reach it. */
  HOST("host cpu pinned_host");

  private final String spellings;

  OffloadOptimizer(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
