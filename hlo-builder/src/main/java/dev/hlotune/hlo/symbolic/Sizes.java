package dev.hlotune.hlo.symbolic;

import dev.hlotune.hlo.ShapeException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Sizes of symbols.
 *
 * @param byName in the order of the symbols
 */
public record Sizes(Map<String, Integer> byName) {
  /** None, for what depends on no symbol. */
  public static final Sizes NONE = new Sizes(Map.of());

  /** Keeps its own copy. */
  public Sizes {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  /**
   * The size of a symbol.
   *
   * @throws ShapeException if there is none
   */
  public int get(String name) {
    Integer size = byName.get(name);
    if (size == null) {
      throw new ShapeException("size \"" + name + "\": expected among " + byName.keySet());
    }
    return size;
  }

  /** The names of the symbols. */
  public Set<String> names() {
    return byName.keySet();
  }

  /** A size for each symbol. */
  public static Sizes of(List<Symbol> symbols, ToIntFunction<Symbol> size) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    symbols.forEach(symbol -> sizes.put(symbol.name(), size.applyAsInt(symbol)));
    return new Sizes(sizes);
  }

  /** These and one more. */
  public Sizes with(String name, int size) {
    Map<String, Integer> more = new LinkedHashMap<>(byName);
    more.put(name, size);
    return new Sizes(more);
  }

  /** As {@code {batch=2, seq=16}}. */
  @Override
  public String toString() {
    return byName.toString();
  }
}
