package dev.hlotune.trainer.step;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A recorded JSON object whose members have to be there. */
record Settings(Map<String, Object> members) {
  /** An object within another value of a JSON file. */
  static Settings of(Object value) {
    Map<String, Object> members = new LinkedHashMap<>();
    ((Map<?, ?>) value)
        .forEach((name, member) -> {
          if (member != null) {
            members.put(String.valueOf(name), member);
          }
        });
    return new Settings(members);
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  Object get(String name) {
    Object value = members.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "recorded settings: expected \"" + name + "\", got " + members.keySet());
    }
    return value;
  }

  double number(String name) {
    return ((Number) get(name)).doubleValue();
  }

  int count(String name) {
    return ((Number) get(name)).intValue();
  }

  List<Double> numbers(String name) {
    List<Double> numbers = new ArrayList<>();
    for (Object number : (List<?>) get(name)) {
      numbers.add(((Number) number).doubleValue());
    }
    return numbers;
  }

  Settings object(String name) {
    return of(get(name));
  }
}
