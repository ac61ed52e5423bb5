package dev.hlotune.configs;

/** What becomes of a run whose data has what the audit calls an error. */
public enum OnFinding implements Spelled {
  /** It ends before anything is compiled, with the findings. */
  ERROR("error raise"),
  /** It names the findings and goes on. */
  WARN("warn warning");

  private final String spellings;

  OnFinding(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
