package dev.hlotune.configs;

/** What becomes of a record that cannot be used, such as broken JSON. */
public enum OnBadRecord implements Spelled {
  /** The run ends with the file, line and field. */
  ERROR("error raise"),
  /** The record is left out, counted and named. */
  SKIP("skip drop");

  private final String spellings;

  OnBadRecord(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
