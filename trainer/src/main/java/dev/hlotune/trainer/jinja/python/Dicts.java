package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Dicts are Java maps in order. A key that is a string is that string; any other is wrapped, so
 * that it is found by Python's equality: {@code 1}, {@code 1.0} and {@code true} are one key.
 */
public final class Dicts {
  private Dicts() {}

  /** A key that is no string. */
  private record Key(@Nullable Object value) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && Equality.equal(value, key.value);
    }

    @Override
    public int hashCode() {
      return Equality.hash(value);
    }
  }

  /** An empty dict. */
  public static Map<Object, @Nullable Object> empty() {
    return new LinkedHashMap<>();
  }

  /** The key of the Java map; an error where the value cannot be one. */
  public static Object key(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case Markup markup -> markup.text();
      case null, default -> {
        requireHashable(value);
        yield new Key(value);
      }
    };
  }

  /** The value that a key of the Java map stands for. */
  public static @Nullable Object value(@Nullable Object key) {
    return key instanceof Key(Object value) ? value : key;
  }

  /** Whether the value can be a key. */
  static boolean hashable(@Nullable Object value) {
    return switch (value) {
      case List<?> _, Map<?, ?> _ -> false;
      case Tuple(List<@Nullable Object> items) -> items.stream().allMatch(Dicts::hashable);
      case null, default -> true;
    };
  }

  private static void requireHashable(@Nullable Object value) {
    if (!hashable(value)) {
      throw new DataException(
          "key: expected a string, number or tuple, got '" + Types.name(value) + "'");
    }
  }

  /** What {@code dict[key]} gives, or {@link Missing#VALUE}. */
  public static @Nullable Object get(Map<?, ?> dict, @Nullable Object value) {
    Object key = key(value);
    if (dict instanceof SortedMap && !(key instanceof String)) {
      return Missing.VALUE; // it can only be asked for what it can compare
    }
    Object found = dict.get(key);
    return found != null || dict.containsKey(key) ? found : Missing.VALUE;
  }

  /** The keys, as values. */
  public static Iterator<@Nullable Object> keys(Map<?, ?> dict) {
    Iterator<?> keys = dict.keySet().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return keys.hasNext();
      }

      @Override
      public @Nullable Object next() {
        return value(keys.next());
      }
    };
  }

  /** What {@code dict(*arguments)} gives. */
  public static Map<Object, @Nullable Object> of(Arguments arguments) {
    @Nullable Object[] given = arguments.positional();
    if (given.length > 1) {
      throw new DataException("dict: expected at most one argument, got " + given.length);
    }
    Map<Object, @Nullable Object> dict = empty();
    if (given.length == 1) {
      add(dict, given[0]);
    }
    dict.putAll(arguments.keywords());
    return dict;
  }

  private static void add(Map<Object, @Nullable Object> dict, @Nullable Object source) {
    if (source instanceof Map<?, ?> map) {
      map.forEach(dict::put);
      return;
    }
    for (Iterator<@Nullable Object> pairs = Iteration.of(source); pairs.hasNext(); ) {
      @Nullable Object[] pair = Iteration.unpack(pairs.next(), 2);
      dict.put(key(pair[0]), pair[1]);
    }
  }
}
