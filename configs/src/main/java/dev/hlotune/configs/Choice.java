package dev.hlotune.configs;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One of a closed set of values.
 *
 * @param values all of them, in the order of help
 * @param refused other spellings that deserve a reason, such as values that another trainer has
 */
record Choice<E extends Spelled>(List<E> values, Map<String, String> refused)
    implements KeyType<E> {

  Choice {
    values = List.copyOf(values);
    refused = Map.copyOf(refused);
  }

  static <E extends Spelled> Choice<E> of(E[] values) {
    return new Choice<>(Arrays.asList(values), Map.of());
  }

  /** The same with reasons why some spellings are none of them. */
  Choice<E> refusing(Map<String, String> reasons) {
    return new Choice<>(values, reasons);
  }

  @Override
  public String placeholder() {
    return values.stream().map(Spelled::spelled).collect(Collectors.joining("|"));
  }

  @Override
  public String expectation() {
    return values.stream()
        .map(value -> "'" + value.spelled() + "'")
        .collect(Collectors.joining(", ", "one of ", ""));
  }

  @Override
  public E parse(String text) {
    for (E value : values) {
      if (value.spelled().equalsIgnoreCase(text)
          || value.synonyms().stream().anyMatch(text::equalsIgnoreCase)) {
        return value;
      }
    }
    String reason = refused.get(text.toLowerCase(Locale.ROOT));
    if (reason != null) {
      throw new IllegalArgumentException(unexpected(text).getMessage() + ", " + reason);
    }
    throw unexpected(text);
  }

  @Override
  public void check(E value) {
    if (!values.contains(value)) {
      throw unexpected(value.spelled());
    }
  }

  @Override
  public boolean standsAlone() {
    return values.stream().anyMatch(value -> value.synonyms().contains("true"));
  }

  @Override
  public Object plain(E value) {
    return value.spelled();
  }
}
