package dev.hlotune.trainer.jinja.python;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code ==} and what goes with it. */
@SuppressWarnings("ReferenceEquality") // whether it is the same object is part of the question
public final class Equality {
  private Equality() {}

  /** What {@code a == b} gives. */
  public static boolean equal(@Nullable Object a, @Nullable Object b) {
    return switch (a) {
      case null -> b == null;
      case String text -> b instanceof Markup(String other) ? text.equals(other) : text.equals(b);
      case List<?> list -> b instanceof List<?> other && items(list, other);
      case Map<?, ?> dict -> b instanceof Map<?, ?> other && dicts(dict, other);
      case PythonObject object -> a == b || object.equalTo(b);
      default -> Numbers.isNumber(a) && Numbers.isNumber(b) && Numbers.equal(a, b);
    };
  }

  /** As containers compare their items: the same object is equal to itself, NaN included. */
  static boolean same(@Nullable Object a, @Nullable Object b) {
    return a == b || equal(a, b);
  }

  /** What {@code a is b} gives; numbers that print the same are taken as the same. */
  public static boolean identical(@Nullable Object a, @Nullable Object b) {
    if (a == b || a == null || b == null) {
      return a == b;
    }
    boolean value = a instanceof String || Numbers.isNumber(a);
    return value && Types.name(a).equals(Types.name(b)) && equal(a, b);
  }

  static boolean items(List<?> a, List<?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    Iterator<?> others = b.iterator();
    for (Object item : a) {
      if (!same(item, others.next())) {
        return false;
      }
    }
    return true;
  }

  private static boolean dicts(Map<?, ?> a, Map<?, ?> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<?, ?> entry : a.entrySet()) {
      Object key = entry.getKey();
      if (!b.containsKey(key) || !same(entry.getValue(), b.get(key))) {
        return false;
      }
    }
    return true;
  }

  /** A hash that is the same for all that is equal. */
  static int hash(@Nullable Object value) {
    return switch (value) {
      case null -> 0;
      case Markup(String text) -> text.hashCode();
      case Undefined _ -> 1;
      case Tuple(List<@Nullable Object> items) -> {
        int hash = 7;
        for (Object item : items) {
          hash = 31 * hash + hash(item);
        }
        yield hash;
      }
      case Range range -> range.list().hashCode();
      case Boolean _, Number _ -> Double.hashCode(Numbers.approximate(value) + 0.0);
      default -> value.hashCode();
    };
  }
}
