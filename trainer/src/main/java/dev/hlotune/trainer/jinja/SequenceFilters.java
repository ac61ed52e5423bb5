package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arithmetic;
import dev.hlotune.trainer.jinja.python.DictView;
import dev.hlotune.trainer.jinja.python.Generator;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.jinja.python.Sized;
import dev.hlotune.trainer.jinja.python.Slices;
import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.jinja.python.Types;
import dev.hlotune.trainer.jinja.python.Undefined;
import dev.hlotune.trainer.source.DataException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Filters for lists and what is like them. */
final class SequenceFilters {
  static final List<Filter> ALL =
      List.of(
          Filter.of("list", Parameters.of("value"), a -> Iteration.list(a[0])),
          Filter.of("first", Parameters.of("seq"), a -> first(Iteration.of(a[0]), "first")),
          Filter.of("last", Parameters.of("seq"), a -> first(reversed("last", a[0]), "last")),
          Filter.of("reverse", Parameters.of("value"), a -> reverse(a[0])),
          Filter.of(
              "join",
              Parameters.of("value").with("d", "").with("attribute", null),
              a -> join(a[0], a[1], a[2])),
          Filter.of("items", Parameters.of("value"), a -> items(a[0])),
          Filter.of(
              "sum",
              Parameters.of("iterable").with("attribute", null).with("start", 0L),
              a -> sum(a[0], a[1], a[2])),
          Filter.of(
              "batch",
              Parameters.of("value", "linecount").with("fill_with", null),
              a -> Batches.batch(a[0], a[1], a[2])),
          Filter.of(
              "slice",
              Parameters.of("value", "slices").with("fill_with", null),
              a -> Batches.slice(a[0], a[1], a[2])));

  private SequenceFilters() {}

  private static @Nullable Object first(Iterator<@Nullable Object> items, String which) {
    return items.hasNext()
        ? items.next()
        : Undefined.because("no " + which + " item, the sequence was empty");
  }

  /** What {@code reversed(x)} gives; an error where it takes no such value. */
  private static Iterator<@Nullable Object> reversed(String what, @Nullable Object value) {
    if (!isReversible(value)) {
      throw Types.unexpected(what, "a list, dict or string", value);
    }
    List<@Nullable Object> items = Iteration.list(value);
    Collections.reverse(items);
    return items.iterator();
  }

  private static boolean isReversible(@Nullable Object value) {
    return value instanceof String
        || value instanceof Map
        || value instanceof List
        || (value instanceof Sized && !(value instanceof Loop));
  }

  private static Object reverse(@Nullable Object value) {
    if (Text.ofString(value) != null) {
      return Slices.slice(value, null, null, -1L);
    }
    if (isReversible(value)) {
      return new Generator(
          Types.name(value) + "_reverseiterator object", reversed("reverse", value));
    }
    List<@Nullable Object> items = Iteration.list(value);
    Collections.reverse(items);
    return items;
  }

  private static String join(
      @Nullable Object value, @Nullable Object separator, @Nullable Object attribute) {
    Iterator<@Nullable Object> items = Iteration.of(value);
    Lookup lookup = Lookup.of(attribute);
    return TextFilters.join(Repr.str(separator), () -> new Mapped(items, lookup::get));
  }

  private static Generator items(@Nullable Object value) {
    return Lazy.generator(
        "do_items",
        () -> {
          if (value instanceof Undefined) {
            return Collections.emptyIterator();
          }
          if (!(value instanceof Map<?, ?> dict)) {
            throw Types.unexpected("items", "a dict", value);
          }
          return new DictView(DictView.Kind.ITEMS, dict).iterator();
        });
  }

  private static @Nullable Object sum(
      @Nullable Object value, @Nullable Object attribute, @Nullable Object start) {
    if (Text.ofString(start) != null) {
      throw new DataException("sum: expected a start other than a string; use join");
    }
    Lookup lookup = Lookup.of(attribute);
    Object sum = start;
    for (Iterator<@Nullable Object> items = Iteration.of(value); items.hasNext(); ) {
      sum = Arithmetic.add(sum, lookup.get(items.next()));
    }
    return sum;
  }
}
