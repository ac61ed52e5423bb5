package dev.hlotune.trainer.export;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON file with the way to it, so that what is wrong with it can be named.
 *
 * @param file where it stands
 * @param name the way to it, such as {@code programs[0].inputs[2].dtype}; empty for the whole
 * @param value what is there; null where there is nothing
 */
record Field(Path file, String name, @Nullable Object value) {

  /** A field of an object. */
  Field get(String key) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong("an object");
    }
    return new Field(file, name.isEmpty() ? key : name + "." + key, map.get(key));
  }

  boolean isThere() {
    return value != null;
  }

  /** The elements of a list. */
  List<Field> list() {
    if (!(value instanceof List<?> list)) {
      throw wrong("a list");
    }
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      fields.add(new Field(file, name + "[" + i + "]", list.get(i)));
    }
    return fields;
  }

  String text() {
    if (value instanceof String text) {
      return text;
    }
    throw wrong("a string");
  }

  /** A file beside this one; nothing that lies elsewhere. */
  String fileName() {
    String text = text();
    if (text.isBlank() || text.contains("/") || text.contains("\\") || text.startsWith(".")) {
      throw wrong("the name of a file in the same folder");
    }
    return text;
  }

  double number() {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong("a number");
  }

  int count(int least) {
    if (value instanceof Number number
        && number.doubleValue() == number.intValue()
        && number.intValue() >= least) {
      return number.intValue();
    }
    throw wrong("a whole number of at least " + least);
  }

  /** One of some words. */
  <T> T one(Optional<T> found, List<String> known) {
    return found.orElseThrow(() -> wrong("one of " + known));
  }

  Map<?, ?> object() {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw wrong("an object");
  }

  DataException wrong(String expected) {
    String got =
        value == null ? "nothing" : value instanceof String ? "'" + value + "'" : "" + value;
    String shown = got.length() > 80 ? got.substring(0, 80) + "…" : got;
    return name.isEmpty()
        ? new DataException(file, "expected " + expected + ", got " + shown)
        : new DataException(new Origin(file, 0), name, "expected " + expected + ", got " + shown);
  }
}
