package dev.hlotune.hlo.models;

import dev.hlotune.hlo.ShapeException;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A Hugging Face {@code config.json} as parsed: strings, numbers, booleans, lists and maps. A
 * missing key, or one that is null, takes the default of transformers' own class.
 *
 * @param keys the file's top level
 */
public record ModelConfig(Map<String, Object> keys) {
  /** A whole number of at least 1. */
  public int integer(String key, int otherwise) {
    Object value = keys.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number
        && number.doubleValue() == number.intValue()
        && number.intValue() >= 1) {
      return number.intValue();
    }
    throw wrong(key, "a whole number of at least 1", value);
  }

  /** A positive number. */
  public double number(String key, double otherwise) {
    return check(key, otherwise, Number.class, n -> n.doubleValue() > 0, "a positive number")
        .doubleValue();
  }

  public boolean flag(String key, boolean otherwise) {
    return check(key, otherwise, Boolean.class, _ -> true, "true or false");
  }

  public String text(String key, String otherwise) {
    return check(key, otherwise, String.class, _ -> true, "a string");
  }

  /** The nested object, empty where it is missing. */
  @SuppressWarnings("unchecked") // A parsed JSON object has string keys.
  public ModelConfig object(String key) {
    return new ModelConfig(
        (Map<String, Object>) check(key, Map.of(), Map.class, _ -> true, "an object"));
  }

  /** Refuses a variant of the architecture that the model does not implement. */
  public void requireValue(String key, Object only) {
    Object value = keys.get(key);
    if (value != null && !value.equals(only)) {
      throw wrong(key, "" + only + ", the variant that is supported", value);
    }
  }

  /** Refuses sizes of which one does not divide the other. */
  public void requireDivides(String partKey, int part, String wholeKey, int whole) {
    if (whole % part != 0) {
      throw new ShapeException(
          "model config: expected \""
              + partKey
              + "\" to divide \""
              + wholeKey
              + "\", got "
              + part
              + " and "
              + whole);
    }
  }

  private <T> T check(
      String key, T otherwise, Class<? extends T> type, Predicate<T> allowed, String expected) {
    Object value = keys.get(key);
    if (value == null) {
      return otherwise;
    }
    if (type.isInstance(value) && allowed.test(type.cast(value))) {
      return type.cast(value);
    }
    throw wrong(key, expected, value);
  }

  private static ShapeException wrong(String key, String expected, Object value) {
    return new ShapeException(
        "model config key \"" + key + "\": expected " + expected + ", got " + value);
  }
}
