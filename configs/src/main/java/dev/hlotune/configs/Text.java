package dev.hlotune.configs;

/** Any text that is not blank. */
record Text() implements KeyType<String> {

  @Override
  public String placeholder() {
    return "TEXT";
  }

  @Override
  public String expectation() {
    return "text";
  }

  @Override
  public String parse(String text) {
    check(text);
    return text;
  }

  @Override
  public void check(String value) {
    if (value.isBlank()) {
      throw unexpected(value);
    }
  }

  @Override
  public Object plain(String value) {
    return value;
  }
}
