package dev.hlotune.configs;

/**
 * What becomes of a conversation whose earlier turns the template shows otherwise once later ones
 * follow.
 */
public enum OnRewrittenHistory implements Spelled {
  /** It is a record that cannot be used. */
  ERROR("error"),
  /** Each answer becomes an example of its own. */
  SPLIT("split");

  private final String spellings;

  OnRewrittenHistory(String spellings) {
    this.spellings = spellings;
  }

  @Override
  public String spellings() {
    return spellings;
  }
}
