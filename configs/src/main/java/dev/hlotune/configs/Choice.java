package dev.hlotune.configs;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One of a closed set of values.
 *
 * @param values all of them, in the order of help
 */
record Choice<E extends Spelled>(List<E> values) implements KeyType<E> {

  Choice {
    values = List.copyOf(values);
  }

  static <E extends Spelled> Choice<E> of(E[] values) {
    return new Choice<>(Arrays.asList(values));
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
