package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Going through the items of a value. */
public final class Iteration {
  private Iteration() {}

  /** What {@code iter(x)} gives: the characters of a string, the keys of a dict. */
  public static Iterator<@Nullable Object> of(@Nullable Object value) {
    Iterator<@Nullable Object> items = orNull(value);
    if (items == null) {
      throw Types.unexpected("iteration", "a list, dict or string", value);
    }
    return items;
  }

  /** Whether {@link #of} takes it. */
  public static boolean accepts(@Nullable Object value) {
    return value instanceof Iterable || value instanceof String || value instanceof Map;
  }

  @SuppressWarnings("unchecked") // an iterator of anything is one of objects: it only gives
  private static @Nullable Iterator<@Nullable Object> orNull(@Nullable Object value) {
    return switch (value) {
      case Iterable<?> items -> (Iterator<@Nullable Object>) items.iterator();
      case Map<?, ?> dict -> Dicts.keys(dict);
      case String text -> characters(text);
      case null, default -> null;
    };
  }

  private static Iterator<@Nullable Object> characters(String text) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < text.length();
      }

      @Override
      public Object next() {
        int end = text.offsetByCodePoints(next, 1);
        String character = text.substring(next, end);
        next = end;
        return character;
      }
    };
  }

  /** What {@code list(x)} gives. */
  public static List<@Nullable Object> list(@Nullable Object value) {
    List<@Nullable Object> list =
        value instanceof Sized sized ? new ArrayList<>(sized.size()) : new ArrayList<>();
    of(value).forEachRemaining(list::add);
    return list;
  }

  /** The items, which must be that many. */
  public static @Nullable Object[] unpack(@Nullable Object value, int count) {
    Iterator<@Nullable Object> items = of(value);
    @Nullable Object[] unpacked = new @Nullable Object[count];
    int found = 0;
    while (items.hasNext() && found < count) {
      unpacked[found++] = items.next();
    }
    if (found < count || items.hasNext()) {
      throw new DataException(
          "unpacking: expected " + count + " values, got " + (found < count ? found : "more"));
    }
    return unpacked;
  }

  /** What {@code len(x)} gives. */
  public static int length(@Nullable Object value) {
    return switch (value) {
      case String text -> Text.length(text);
      case List<?> list -> list.size();
      case Map<?, ?> dict -> dict.size();
      case Sized sized -> sized.size();
      case null, default -> throw Types.unexpected("length", "a list, dict or string", value);
    };
  }

  /** What {@code item in container} gives. */
  public static boolean contains(@Nullable Object container, @Nullable Object item) {
    String text = Text.ofString(container);
    if (text != null) {
      String part = Text.ofString(item);
      if (part == null) {
        throw Types.unexpected("in <string>", "a string on the left", item);
      }
      return text.contains(part);
    }
    if (container instanceof Map<?, ?> dict) {
      return Dicts.get(dict, item) != Missing.VALUE;
    }
    for (Iterator<@Nullable Object> items = of(container); items.hasNext(); ) {
      if (Equality.same(items.next(), item)) {
        return true;
      }
    }
    return false;
  }
}
