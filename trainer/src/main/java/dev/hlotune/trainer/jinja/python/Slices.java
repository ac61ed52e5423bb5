package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code a[i]} and {@code a[i:j:k]} on sequences. */
public final class Slices {
  private Slices() {}

  /** One item, or {@link Missing#VALUE} where there is none by that key. */
  static @Nullable Object item(List<? extends @Nullable Object> items, @Nullable Object key) {
    int place = place(key, items.size());
    return place < 0 ? Missing.VALUE : items.get(place);
  }

  /** One character, or {@link Missing#VALUE}. */
  static Object character(String text, @Nullable Object key) {
    int place = place(key, Text.length(text));
    return place < 0 ? Missing.VALUE : Text.slice(text, place, place + 1);
  }

  private static int place(@Nullable Object key, int size) {
    if (!Numbers.isIntegral(key)) {
      return -1;
    }
    long index = Numbers.index(key, "index");
    long place = index < 0 ? index + size : index;
    return place >= 0 && place < size ? (int) place : -1;
  }

  /** What {@code value[start:stop:step]} gives. */
  public static Object slice(
      @Nullable Object value,
      @Nullable Object start,
      @Nullable Object stop,
      @Nullable Object step) {
    return switch (value) {
      case String text -> text(text, start, stop, step);
      case Markup(String text) -> new Markup(text(text, start, stop, step));
      case List<?> list -> items(list, start, stop, step);
      case Tuple(List<@Nullable Object> list) -> new Tuple(items(list, start, stop, step));
      case Range range -> range(range, start, stop, step);
      case null, default -> throw Types.unexpected("slice", "a list or string", value);
    };
  }

  private static String text(
      String text, @Nullable Object start, @Nullable Object stop, @Nullable Object step) {
    int size = Text.length(text);
    int[] places = places(size, start, stop, step);
    boolean adjacent =
        places.length > 0 && places[places.length - 1] - places[0] == places.length - 1;
    if (step == null || adjacent) {
      return places.length == 0 ? "" : Text.slice(text, places[0], places[0] + places.length);
    }
    int[] codePoints = text.codePoints().toArray();
    StringBuilder out = new StringBuilder(places.length);
    for (int place : places) {
      out.appendCodePoint(codePoints[place]);
    }
    return out.toString();
  }

  private static List<@Nullable Object> items(
      List<?> list, @Nullable Object start, @Nullable Object stop, @Nullable Object step) {
    int[] places = places(list.size(), start, stop, step);
    List<@Nullable Object> items = new ArrayList<>(places.length);
    for (int place : places) {
      items.add(list.get(place));
    }
    return items;
  }

  private static Range range(
      Range range, @Nullable Object start, @Nullable Object stop, @Nullable Object step) {
    long stride = step == null ? 1 : Numbers.index(step, "slice");
    Bounds bounds = bounds(range.size(), start, stop, stride);
    return new Range(
        range.start() + bounds.start * range.step(),
        range.start() + bounds.stop * range.step(),
        range.step() * stride);
  }

  private record Bounds(long start, long stop) {}

  private static Bounds bounds(
      int size, @Nullable Object start, @Nullable Object stop, long stride) {
    if (stride == 0) {
      throw new DataException("slice: expected a step other than 0, got 0");
    }
    long first = stride > 0 ? 0 : size - 1L;
    long last = stride > 0 ? size : -1;
    return new Bounds(
        start == null ? first : bound(start, size, stride),
        stop == null ? last : bound(stop, size, stride));
  }

  private static long bound(Object value, int size, long stride) {
    long index = Numbers.index(value, "slice");
    long place = index < 0 ? index + size : index;
    return stride > 0 ? Math.clamp(place, 0, size) : Math.clamp(place, -1, size - 1);
  }

  private static int[] places(
      int size, @Nullable Object start, @Nullable Object stop, @Nullable Object step) {
    long stride = step == null ? 1 : Numbers.index(step, "slice");
    Bounds bounds = bounds(size, start, stop, stride);
    long distance = stride > 0 ? bounds.stop - bounds.start : bounds.start - bounds.stop;
    if (distance <= 0) {
      return new int[0];
    }
    long magnitude = stride == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(stride);
    int[] places = new int[(int) ((distance - 1) / magnitude + 1)];
    for (int i = 0; i < places.length; i++) {
      places[i] = (int) (bounds.start + i * stride);
    }
    return places;
  }
}
