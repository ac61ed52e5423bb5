package dev.hlotune.configs;

import java.util.Locale;

/** {@code auto}, or the path of a checkpoint. */
record ResumeType() implements KeyType<Resume> {
  private static final FilePath PATH = new FilePath(true);

  @Override
  public String placeholder() {
    return "auto|PATH";
  }

  @Override
  public String expectation() {
    return "'auto', or a checkpoint's directory";
  }

  @Override
  public Resume parse(String text) {
    return isAuto(text) ? new Resume.Newest() : new Resume.From(PATH.parse(text));
  }

  @Override
  public Resume parse(String text, Locator locator) {
    return isAuto(text) ? new Resume.Newest() : new Resume.From(PATH.parse(text, locator));
  }

  /** transformers takes {@code True} for the newest one. */
  private static boolean isAuto(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.equals("auto") || lower.equals("true");
  }

  @Override
  public boolean standsAlone() {
    return true;
  }

  @Override
  public void check(Resume value) {
    // Existence is looked up once, where the recipe is read: records do no input or output.
  }

  @Override
  public Object plain(Resume value) {
    return value.toString();
  }
}
