package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.DictView;
import dev.hlotune.trainer.jinja.python.Dicts;
import dev.hlotune.trainer.jinja.python.Equality;
import dev.hlotune.trainer.jinja.python.Generator;
import dev.hlotune.trainer.jinja.python.Group;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Ordering;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.Sorting;
import dev.hlotune.trainer.jinja.python.Truth;
import dev.hlotune.trainer.jinja.python.Tuple;
import dev.hlotune.trainer.jinja.python.Types;
import dev.hlotune.trainer.jinja.python.Undefined;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters that compare the items of a list. */
final class SortFilters {
  private static final Parameters ONE =
      Parameters.of("value").with("case_sensitive", false).with("attribute", null);

  static final List<Filter> ALL =
      List.of(
          Filter.of(
              "sort",
              Parameters.of("value")
                  .with("reverse", false)
                  .with("case_sensitive", false)
                  .with("attribute", null),
              a -> sort(a[0], Truth.of(a[1]), Truth.of(a[2]), a[3])),
          Filter.of(
              "dictsort",
              Parameters.of("value")
                  .with("case_sensitive", false)
                  .with("by", "key")
                  .with("reverse", false),
              a -> sortDict(a[0], Truth.of(a[1]), a[2], Truth.of(a[3]))),
          Filter.of("unique", ONE, a -> unique(a[0], Truth.of(a[1]), a[2])),
          Filter.of("min", ONE, a -> extreme(a[0], Truth.of(a[1]), a[2], Ordering.LESS)),
          Filter.of("max", ONE, a -> extreme(a[0], Truth.of(a[1]), a[2], Ordering.GREATER)),
          Filter.of(
              "groupby",
              Parameters.of("value", "attribute")
                  .with("default", null)
                  .with("case_sensitive", false),
              a -> group(a[0], a[1], a[2], Truth.of(a[3]))));

  private SortFilters() {}

  private static UnaryOperator<@Nullable Object> key(
      @Nullable Object attribute, boolean caseSensitive) {
    Lookup lookup = Lookup.of(attribute);
    UnaryOperator<@Nullable Object> caseRule = Lookup.caseRule(caseSensitive);
    return item -> caseRule.apply(lookup.get(item));
  }

  private static List<@Nullable Object> sort(
      @Nullable Object value, boolean reverse, boolean caseSensitive, @Nullable Object attribute) {
    List<Lookup> lookups = Lookup.several(attribute);
    UnaryOperator<@Nullable Object> caseRule = Lookup.caseRule(caseSensitive);
    return Sorting.sorted(
        Iteration.list(value),
        item -> {
          List<@Nullable Object> key = new ArrayList<>();
          lookups.forEach(lookup -> key.add(caseRule.apply(lookup.get(item))));
          return key;
        },
        reverse);
  }

  private static List<@Nullable Object> sortDict(
      @Nullable Object value, boolean caseSensitive, @Nullable Object by, boolean reverse) {
    boolean byKey = Equality.equal(by, "key");
    if (!byKey && !Equality.equal(by, "value")) {
      throw new DataException("dictsort: expected 'key' or 'value' to sort by");
    }
    if (!(value instanceof Map<?, ?> dict)) {
      throw Types.unexpected("dictsort", "a dict", value);
    }
    UnaryOperator<@Nullable Object> caseRule = Lookup.caseRule(caseSensitive);
    return Sorting.sorted(
        Iteration.list(new DictView(DictView.Kind.ITEMS, dict)),
        item -> item instanceof Tuple pair ? caseRule.apply(pair.items().get(byKey ? 0 : 1)) : item,
        reverse);
  }

  private static Generator unique(
      @Nullable Object value, boolean caseSensitive, @Nullable Object attribute) {
    UnaryOperator<@Nullable Object> key = key(attribute, caseSensitive);
    Set<Object> seen = new HashSet<>();
    return Lazy.generator(
        "sync_do_unique",
        () ->
            new Selected(
                Iteration.of(value),
                item -> seen.add(Dicts.key(key.apply(item))) ? item : Missing.VALUE));
  }

  private static @Nullable Object extreme(
      @Nullable Object value, boolean caseSensitive, @Nullable Object attribute, Ordering better) {
    Iterator<@Nullable Object> items = Iteration.of(value);
    if (!items.hasNext()) {
      return Undefined.because("no aggregated item, the sequence was empty");
    }
    UnaryOperator<@Nullable Object> key = key(attribute, caseSensitive);
    Object best = items.next();
    Object bestKey = key.apply(best);
    while (items.hasNext()) {
      Object item = items.next();
      Object itemKey = key.apply(item);
      if (better.test(itemKey, bestKey)) {
        best = item;
        bestKey = itemKey;
      }
    }
    return best;
  }

  private static List<@Nullable Object> group(
      @Nullable Object value,
      @Nullable Object attribute,
      @Nullable Object byDefault,
      boolean caseSensitive) {
    Lookup lookup = Lookup.of(attribute);
    UnaryOperator<@Nullable Object> caseRule = Lookup.caseRule(caseSensitive);
    UnaryOperator<@Nullable Object> key = item -> caseRule.apply(lookup.get(item, byDefault));
    List<@Nullable Object> sorted = Sorting.sorted(Iteration.list(value), key, false);
    List<@Nullable Object> groups = new ArrayList<>();
    int from = 0;
    while (from < sorted.size()) {
      Object common = key.apply(sorted.get(from));
      int to = from + 1;
      while (to < sorted.size() && Equality.equal(common, key.apply(sorted.get(to)))) {
        to++;
      }
      groups.add(
          new Group(
              lookup.get(sorted.get(from), byDefault), new ArrayList<>(sorted.subList(from, to))));
      from = to;
    }
    return groups;
  }
}
