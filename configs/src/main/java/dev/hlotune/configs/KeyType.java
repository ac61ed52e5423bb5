package dev.hlotune.configs;

/**
 * What values a key takes: how they are read, bounded, named in help and written back.
 *
 * @param <T> the Java type of a value
 */
sealed interface KeyType<T>
    permits WholeNumber, RealNumber, Flag, Text, FilePath, PathOrHub, Choice, IntervalType {

  /** The placeholder of help: {@code INTEGER}, {@code float32|bfloat16}. */
  String placeholder();

  /** What is expected, as an error says it: {@code a whole number of at least 1}. */
  String expectation();

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException where the text is no such value or out of bounds; the message
   *     reads {@code expected …, got '…'}
   */
  T parse(String text);

  /**
   * Holds the bounds for a value made in code.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  void check(T value);

  /** Whether an option of this type can stand without a value, which is then {@code true}. */
  default boolean standsAlone() {
    return false;
  }

  /** The value as JSON and YAML have it: a boolean, a number or a string. */
  Object plain(T value);

  /** The error of {@link #parse} and {@link #check}. */
  default IllegalArgumentException unexpected(Object got) {
    return new IllegalArgumentException("expected " + expectation() + ", got '" + got + "'");
  }
}
