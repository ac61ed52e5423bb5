package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.source.DataException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All filters, by name. */
final class Filters {
  private static final Set<String> LEFT_OUT = Set.of("random", "urlize");
  private static final Map<String, Filter> ALL = new HashMap<>();

  static {
    Stream.of(
            TextFilters.ALL,
            LayoutFilters.ALL,
            MarkupFilters.ALL,
            NumberFilters.ALL,
            ValueFilters.ALL,
            SequenceFilters.ALL,
            SortFilters.ALL,
            SelectionFilters.ALL)
        .flatMap(List::stream)
        .forEach(filter -> ALL.put(filter.name(), filter));
  }

  private Filters() {}

  static @Nullable Filter find(String name) {
    return ALL.get(name);
  }

  /** Whether Jinja has it. */
  static boolean isKnown(@Nullable Object name) {
    return name instanceof String text && (ALL.containsKey(text) || LEFT_OUT.contains(text));
  }

  static DataException unknown(String name) {
    return new DataException(
        LEFT_OUT.contains(name)
            ? "the filter '" + name + "' is not covered"
            : "expected a filter, got '" + name + "'");
  }
}
