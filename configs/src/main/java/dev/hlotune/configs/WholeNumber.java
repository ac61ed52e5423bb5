package dev.hlotune.configs;

/**
 * Integers between two bounds, both included.
 *
 * @param least the smallest value taken
 * @param most the largest value taken; {@link Integer#MAX_VALUE} reads as no bound
 */
record WholeNumber(int least, int most) implements KeyType<Integer> {

  static WholeNumber atLeast(int least) {
    return new WholeNumber(least, Integer.MAX_VALUE);
  }

  @Override
  public String placeholder() {
    return "INTEGER";
  }

  @Override
  public String expectation() {
    return most == Integer.MAX_VALUE
        ? "a whole number of at least " + least
        : "a whole number from " + least + " to " + most;
  }

  @Override
  public Integer parse(String text) {
    try {
      int value = Integer.parseInt(text.replace("_", ""));
      check(value);
      return value;
    } catch (IllegalArgumentException e) {
      throw unexpected(text);
    }
  }

  @Override
  public void check(Integer value) {
    if (value < least || value > most) {
      throw unexpected(value);
    }
  }

  @Override
  public Object plain(Integer value) {
    return value;
  }
}
