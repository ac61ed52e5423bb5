package dev.hlotune.trainer.jinja.python;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code sorted}: stable, by {@code <} alone, so that it fails where Python's fails. */
public final class Sorting {
  private Sorting() {}

  private record Keyed<T extends @Nullable Object>(@Nullable Object key, T value) {}

  /** Whether one key comes before another. */
  interface Less {
    boolean test(@Nullable Object a, @Nullable Object b);
  }

  /** The items in the order of their keys. */
  public static <T extends @Nullable Object> List<T> sorted(
      List<? extends T> items, Function<T, @Nullable Object> key, boolean reverse) {
    return sorted(items, key, reverse, Ordering.LESS::test);
  }

  static <T extends @Nullable Object> List<T> sorted(
      List<? extends T> items, Function<T, @Nullable Object> key, boolean reverse, Less less) {
    List<Keyed<T>> keyed = new ArrayList<>(items.size());
    for (T item : items) {
      keyed.add(new Keyed<>(key.apply(item), item));
    }
    if (reverse) {
      Collections.reverse(keyed);
    }
    keyed = mergeSorted(keyed, less);
    if (reverse) {
      Collections.reverse(keyed);
    }
    List<T> sorted = new ArrayList<>(items.size());
    for (Keyed<T> entry : keyed) {
      sorted.add(entry.value);
    }
    return sorted;
  }

  private static <T extends @Nullable Object> List<Keyed<T>> mergeSorted(
      List<Keyed<T>> items, Less less) {
    if (items.size() < 2) {
      return items;
    }
    int middle = items.size() / 2;
    List<Keyed<T>> left = mergeSorted(items.subList(0, middle), less);
    List<Keyed<T>> right = mergeSorted(items.subList(middle, items.size()), less);
    List<Keyed<T>> merged = new ArrayList<>(items.size());
    int i = 0;
    int j = 0;
    while (i < left.size() && j < right.size()) {
      boolean takeRight = less.test(right.get(j).key, left.get(i).key);
      merged.add(takeRight ? right.get(j++) : left.get(i++));
    }
    merged.addAll(left.subList(i, left.size()));
    merged.addAll(right.subList(j, right.size()));
    return merged;
  }
}
