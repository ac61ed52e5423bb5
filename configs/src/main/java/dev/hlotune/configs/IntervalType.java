package dev.hlotune.configs;

/**
 * Whole steps or a share of the run.
 *
 * @param zero whether 0 is taken
 */
record IntervalType(boolean zero) implements KeyType<Interval> {

  @Override
  public String placeholder() {
    return "STEPS";
  }

  @Override
  public String expectation() {
    return "whole steps, or a share of the run " + (zero ? "from 0 to below 1" : "between 0 and 1");
  }

  @Override
  public Interval parse(String text) {
    try {
      Interval value = new Interval(RealNumber.decimal(text));
      check(value);
      return value;
    } catch (IllegalArgumentException | ConfigException e) {
      throw unexpected(text);
    }
  }

  @Override
  public void check(Interval value) {
    if (value.value() == 0 && !zero) {
      throw unexpected(value);
    }
  }

  @Override
  public Object plain(Interval value) {
    return value.value() == Math.rint(value.value())
        ? (Object) (int) value.value()
        : (Object) value.value();
  }
}
