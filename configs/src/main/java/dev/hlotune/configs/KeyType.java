package dev.hlotune.configs;

/**
 * What values a key takes: how they are read, bounded, named in help and written back.
 *
 * @param <T> the Java type of a value
 */
sealed interface KeyType<T>
    permits WholeNumber,
        RealNumber,
        Flag,
        Text,
        FilePath,
        PathOrHub,
        Choice,
        ChoiceList,
        MeshSize,
        AxisRuleList,
        AddressType,
        IntervalType,
        ResumeType,
        FileSizeType,
        TextList,
        TextMap,
        JsonMap,
        TemplateType,
        RecordList {

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
   * As {@link #parse(String)}, for a value that may hold files to be read.
   *
   * @param locator finds such a file
   */
  default T parse(String text, Locator locator) {
    return parse(text);
  }

  /**
   * Holds the bounds for a value made in code.
   *
   * @throws IllegalArgumentException as {@link #parse(String)}
   */
  void check(T value);

  /** Whether an option of this type can stand without a value, which is then {@code true}. */
  default boolean standsAlone() {
    return false;
  }

  /**
   * Whether values are made of several. In a recipe such a key may have a list or a mapping, which
   * reaches {@link #parse(String)} as JSON text, as an option gives it.
   */
  default boolean structured() {
    return false;
  }

  /** The value as JSON and YAML have it: a boolean, a number, a string, a list or a map of them. */
  Object plain(T value);

  /** The error of {@link #parse(String)} and {@link #check}. */
  default IllegalArgumentException unexpected(Object got) {
    return new IllegalArgumentException("expected " + expectation() + ", got '" + got + "'");
  }
}
