package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.ShapeException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Something for each parameter of a model, by the parameter's name: shapes, tensors, gradients,
 * optimizer state, files. Flat, immutable, in the order in which it was filled; that order is the
 * order of a program's inputs and outputs.
 *
 * @param entries by name; a copy is kept, in its iteration order
 */
public record ParamMap<T>(Map<String, T> entries) {
  public ParamMap {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  /** A map without entries. */
  public static <T> ParamMap<T> empty() {
    return new ParamMap<>(Map.of());
  }

  /** Names with their values, position by position; both lists are equally long. */
  public static <T> ParamMap<T> zip(List<String> names, List<T> values) {
    if (names.size() != values.size()) {
      throw new ShapeException(
          "parameters: expected " + names.size() + " values, got " + values.size());
    }
    Map<String, T> entries = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      if (entries.put(names.get(i), values.get(i)) != null) {
        throw new ShapeException(
            "parameters: expected distinct names, got \"" + names.get(i) + "\" twice");
      }
    }
    return new ParamMap<>(entries);
  }

  /** The value of that name, or a {@link ShapeException} that says which name is nearest. */
  public T get(String name) {
    T value = entries.get(name);
    if (value == null) {
      throw new ShapeException(
          "parameter \""
              + name
              + "\": expected one of "
              + entries.size()
              + " names"
              + NearestName.of(name, entries.keySet())
                  .map(near -> ", the nearest is \"" + near + "\"")
                  .orElse(""));
    }
    return value;
  }

  public boolean has(String name) {
    return entries.containsKey(name);
  }

  public int size() {
    return entries.size();
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Names in order. */
  public List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** Values in order. */
  public List<T> values() {
    return List.copyOf(entries.values());
  }

  /** Entries in order. */
  public Stream<Map.Entry<String, T>> stream() {
    return entries.entrySet().stream();
  }

  /** Every value changed, the names as they are. */
  public <R> ParamMap<R> map(Function<? super T, ? extends R> change) {
    return map((_, value) -> change.apply(value));
  }

  /** Every value changed with its name in view, the names as they are. */
  public <R> ParamMap<R> map(BiFunction<String, ? super T, ? extends R> change) {
    Map<String, R> changed = new LinkedHashMap<>();
    entries.forEach((name, value) -> changed.put(name, change.apply(name, value)));
    return new ParamMap<>(changed);
  }

  /** Every value joined with the one of the same name in {@code other}, which must have it. */
  public <S, R> ParamMap<R> with(
      ParamMap<S> other, BiFunction<? super T, ? super S, ? extends R> join) {
    return map((name, value) -> join.apply(value, other.get(name)));
  }

  /** The entries that {@code keep} chooses, in the order of this map. */
  public ParamMap<T> subset(BiPredicate<String, ? super T> keep) {
    Map<String, T> kept = new LinkedHashMap<>();
    entries.forEach((name, value) -> {
      if (keep.test(name, value)) {
        kept.put(name, value);
      }
    });
    return new ParamMap<>(kept);
  }

  /** The entries of the given names, in the order given; a name that is missing is an error. */
  public ParamMap<T> subset(Collection<String> names) {
    Map<String, T> kept = new LinkedHashMap<>();
    names.forEach(name -> kept.put(name, get(name)));
    return new ParamMap<>(kept);
  }

  /** This map with one more entry at its end; a known name keeps its place and changes value. */
  public ParamMap<T> plus(String name, T value) {
    Map<String, T> longer = new LinkedHashMap<>(entries);
    longer.put(name, value);
    return new ParamMap<>(longer);
  }

  /** The entries of this map, then those of {@code other}, which win where both have a name. */
  public ParamMap<T> plus(ParamMap<T> other) {
    Map<String, T> longer = new LinkedHashMap<>(entries);
    longer.putAll(other.entries);
    return new ParamMap<>(longer);
  }

  /** Every name with {@code prefix} put in front. */
  public ParamMap<T> prefixed(String prefix) {
    Map<String, T> renamed = new LinkedHashMap<>();
    entries.forEach((name, value) -> renamed.put(prefix + name, value));
    return new ParamMap<>(renamed);
  }

  /** The entries whose names start with {@code prefix}, with the prefix taken off. */
  public ParamMap<T> under(String prefix) {
    Map<String, T> renamed = new LinkedHashMap<>();
    entries.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        renamed.put(name.substring(prefix.length()), value);
      }
    });
    return new ParamMap<>(renamed);
  }
}
