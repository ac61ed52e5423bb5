package dev.hlotune.hlo.models;

import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.nn.Activation;
import dev.hlotune.hlo.nn.NearestName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * A Hugging Face {@code config.json} as parsed: strings, numbers, booleans, lists and maps.
 *
 * @param path where {@code keys} stand in the file, empty or such as {@code "rope_parameters."}
 * @param keys an object of the file
 */
public record ModelConfig(String path, Map<String, Object> keys) {
  /** The top level of a file. */
  public ModelConfig(Map<String, Object> keys) {
    this("", keys);
  }

  /** The same with values for keys that are missing; one that is null stays so. */
  public ModelConfig withDefaults(Map<String, Object> defaults) {
    Map<String, Object> all = new LinkedHashMap<>(defaults);
    all.putAll(keys);
    return new ModelConfig(path, all);
  }

  /** Whether the key is there and not null. */
  public boolean has(String key) {
    return keys.get(key) != null;
  }

  /** A whole number of at least 1. */
  public int integer(String key) {
    return optionalInteger(key).orElseThrow(() -> missing(key, "a whole number of at least 1"));
  }

  /** A whole number of at least 1, where there is one. */
  public OptionalInt optionalInteger(String key) {
    return has(key)
        ? OptionalInt.of(
            typed(
                    key,
                    Number.class,
                    n -> n.doubleValue() == n.intValue() && n.intValue() >= 1,
                    "a whole number of at least 1")
                .intValue())
        : OptionalInt.empty();
  }

  /** A whole number of at least 0. */
  public int count(String key) {
    return typed(
            key,
            Number.class,
            n -> n.doubleValue() == n.intValue() && n.intValue() >= 0,
            "a whole number of at least 0")
        .intValue();
  }

  /** A positive number. */
  public double number(String key) {
    return optionalNumber(key).orElseThrow(() -> missing(key, "a positive number"));
  }

  /** A positive number, where there is one. */
  public OptionalDouble optionalNumber(String key) {
    return has(key)
        ? OptionalDouble.of(
            typed(key, Number.class, n -> n.doubleValue() > 0, "a positive number").doubleValue())
        : OptionalDouble.empty();
  }

  /** Positive numbers. */
  public List<Double> numbers(String key) {
    List<Double> values = new ArrayList<>();
    for (Object value : list(key, "a list of positive numbers")) {
      if (!(value instanceof Number number) || !(number.doubleValue() > 0)) {
        throw wrong(key, "a list of positive numbers", value);
      }
      values.add(number.doubleValue());
    }
    return values;
  }

  /** The elements of a list, whatever they are. */
  public List<?> list(String key, String expected) {
    return typed(key, List.class, _ -> true, expected);
  }

  /** A flag, false where it is missing. */
  public boolean flag(String key) {
    return has(key) && typed(key, Boolean.class, _ -> true, "true or false");
  }

  public String text(String key) {
    return typed(key, String.class, _ -> true, "a string");
  }

  /** One of the given strings; a message names one that may be meant. */
  public String choice(String key, Collection<String> known) {
    String name = text(key);
    if (!known.contains(name)) {
      String near =
          NearestName.meant(name, known)
              .map(other -> "; the nearest is \"" + other + "\"")
              .orElse("");
      throw wrong(key, "one of " + known, "\"" + name + "\"" + near);
    }
    return name;
  }

  /** A nonlinearity. */
  public Activation activation(String key) {
    return Activation.named(choice(key, Activation.names())).orElseThrow();
  }

  /** The nested object, empty where it is missing. */
  @SuppressWarnings("unchecked") // A parsed JSON object has string keys.
  public ModelConfig object(String key) {
    Map<String, Object> nested =
        has(key) ? (Map<String, Object>) typed(key, Map.class, _ -> true, "an object") : Map.of();
    return new ModelConfig(path + key + ".", nested);
  }

  /** Refuses a variant of the architecture that the model does not implement. */
  public void requireValue(String key, Object only) {
    Object value = keys.get(key);
    if (value != null && !value.equals(only)) {
      throw wrong(key, only + ", the variant that is supported", value);
    }
  }

  /**
   * Refuses a key whose meaning the model does not implement.
   *
   * @param expected what there has to be instead
   */
  public void requireNone(String key, String expected) {
    Object value = keys.get(key);
    if (value != null) {
      throw wrong(key, expected, value);
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

  /** What is thrown for a value that cannot be used. */
  ShapeException wrong(String key, String expected, Object value) {
    return new ShapeException(
        "model config key \"" + path + key + "\": expected " + expected + ", got " + value);
  }

  private ShapeException missing(String key, String expected) {
    return wrong(key, expected, "none");
  }

  private <T> T typed(
      String key, Class<? extends T> type, Predicate<? super T> allowed, String expected) {
    Object value = keys.get(key);
    if (value == null) {
      throw missing(key, expected);
    }
    if (type.isInstance(value) && allowed.test(type.cast(value))) {
      return type.cast(value);
    }
    throw wrong(key, expected, value);
  }
}
