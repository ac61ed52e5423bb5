package dev.hlotune.configs;

import java.util.Locale;

/** True or false, in the spellings of YAML and Python. */
record Flag() implements KeyType<Boolean> {

  @Override
  public String placeholder() {
    return "true|false";
  }

  @Override
  public String expectation() {
    return "true or false";
  }

  @Override
  public Boolean parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> true;
      case "false", "no", "off", "0" -> false;
      default -> throw unexpected(text);
    };
  }

  @Override
  public void check(Boolean value) {
    // Both values are within bounds.
  }

  @Override
  public boolean standsAlone() {
    return true;
  }

  @Override
  public Object plain(Boolean value) {
    return value;
  }
}
