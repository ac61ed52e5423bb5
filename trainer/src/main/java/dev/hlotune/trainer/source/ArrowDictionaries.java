package dev.hlotune.trainer.source;

import java.util.HashMap;
import java.util.Map;

/** The dictionaries of a file, as far as it was read. */
final class ArrowDictionaries {
  private record Known(ArrowVector values, long length) {}

  private final Map<Long, ArrowLayout> layouts = new HashMap<>();
  private final Map<Long, Known> known = new HashMap<>();

  /** Says how the values of a dictionary lie. */
  void expect(long id, ArrowLayout layout) {
    layouts.putIfAbsent(id, layout);
  }

  /**
   * Takes the values of a dictionary.
   *
   * @param isDelta whether they come behind those before, instead of in their place
   */
  void load(long id, ArrowBuffers buffers, long length, boolean isDelta) {
    ArrowLayout layout = layouts.get(id);
    if (layout == null) {
      throw new IllegalArgumentException("expected a dictionary of the schema, got number " + id);
    }
    ArrowVector values = layout.load(buffers);
    Known before = known.get(id);
    if (isDelta && before != null) {
      ArrowVector old = before.values;
      long first = before.length;
      known.put(
          id,
          new Known(
              index -> index < first ? old.get(index) : values.get(index - first),
              Math.addExact(first, length)));
    } else {
      known.put(id, new Known(values, length));
    }
  }

  /** The values as they are now. */
  ArrowVector get(long id) {
    Known now = known.get(id);
    long length = now == null ? 0 : now.length;
    return index -> {
      if (now == null || index < 0 || index >= length) {
        throw new IndexOutOfBoundsException(
            "expected a dictionary entry below " + length + ", got " + index);
      }
      return now.values.get(index);
    };
  }
}
