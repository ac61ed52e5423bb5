package dev.hlotune.configs;

import java.util.List;

/**
 * Several of a closed set of values, each once; {@code none} is none of them.
 *
 * @param choice one of them
 */
record ChoiceList<E extends Spelled>(Choice<E> choice) implements KeyType<List<E>> {
  private static final String NONE = "none";
  private static final TextList TEXTS = new TextList();

  @Override
  public String placeholder() {
    return choice.placeholder() + ",...|" + NONE;
  }

  @Override
  public String expectation() {
    return "'" + NONE + "', or a list of " + choice.expectation();
  }

  @Override
  public boolean structured() {
    return true;
  }

  @Override
  public List<E> parse(String text) {
    List<String> names = text.strip().equals("[]") ? List.of() : TEXTS.parse(text);
    if (names.isEmpty() || names.equals(List.of(NONE))) {
      return List.of();
    }
    List<E> values = names.stream().map(this::one).toList();
    check(values);
    return values;
  }

  private E one(String name) {
    if (name.equals(NONE)) {
      throw new IllegalArgumentException(
          "expected '" + NONE + "' alone, got it beside others; take it out");
    }
    return choice.parse(name);
  }

  @Override
  public void check(List<E> value) {
    value.forEach(choice::check);
    if (value.stream().distinct().count() < value.size()) {
      throw new IllegalArgumentException("expected each value once, got one twice");
    }
  }

  @Override
  public Object plain(List<E> value) {
    return value.isEmpty() ? NONE : value.stream().map(Spelled::spelled).toList();
  }
}
