package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Generator;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.jinja.python.Truth;
import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Filters that put each item through a filter or a test, when it is asked for. */
final class SelectionFilters {
  static final List<Filter> ALL =
      List.of(
          new Filter("map", SelectionFilters::map),
          new Filter("select", a -> select("select", a, false, true)),
          new Filter("reject", a -> select("reject", a, false, false)),
          new Filter("selectattr", a -> select("selectattr", a, true, true)),
          new Filter("rejectattr", a -> select("rejectattr", a, true, false)));

  private SelectionFilters() {}

  private static Generator map(Arguments arguments) {
    Object value = arguments.positional()[0];
    return Lazy.generator(
        "sync_do_map",
        () ->
            Truth.of(value)
                ? new Mapped(Iteration.of(value), mapping(arguments))
                : Collections.emptyIterator());
  }

  private static UnaryOperator<@Nullable Object> mapping(Arguments arguments) {
    @Nullable Object[] given = arguments.positional();
    if (given.length == 1 && arguments.keywords().containsKey("attribute")) {
      Map<String, @Nullable Object> rest = new LinkedHashMap<>(arguments.keywords());
      Lookup lookup = Lookup.of(rest.remove("attribute"));
      Object byDefault = rest.remove("default");
      if (!rest.isEmpty()) {
        throw new DataException(
            "map: unknown argument \"" + rest.keySet().iterator().next() + "\"");
      }
      return item -> lookup.get(item, byDefault);
    }
    if (given.length == 1) {
      throw new DataException("map: expected the name of a filter, or an attribute");
    }
    Filter filter = given[1] instanceof String name ? Filters.find(name) : null;
    String name = Repr.str(given[1]);
    return item -> {
      if (filter == null) {
        throw Filters.unknown(name);
      }
      return filter.apply(rest(item, arguments, 2));
    };
  }

  /** The arguments from that place on, behind the item. */
  private static Arguments rest(@Nullable Object item, Arguments arguments, int from) {
    @Nullable Object[] given = arguments.positional();
    @Nullable Object[] passed = Arrays.copyOfRange(given, from - 1, given.length);
    passed[0] = item;
    return new Arguments(passed, arguments.keywords());
  }

  private static Generator select(
      String name, Arguments arguments, boolean byAttribute, boolean wanted) {
    Object value = arguments.positional()[0];
    return Lazy.generator(
        "select_or_reject",
        () -> {
          if (!Truth.of(value)) {
            return Collections.emptyIterator();
          }
          UnaryOperator<@Nullable Object> test = test(name, arguments, byAttribute);
          return new Selected(
              Iteration.of(value),
              item -> Truth.of(test.apply(item)) == wanted ? item : Missing.VALUE);
        });
  }

  private static UnaryOperator<@Nullable Object> test(
      String filter, Arguments arguments, boolean byAttribute) {
    @Nullable Object[] given = arguments.positional();
    int place = byAttribute ? 2 : 1;
    if (given.length < place) {
      throw new DataException(filter + ": expected the name of an attribute");
    }
    Lookup lookup = Lookup.of(byAttribute ? given[1] : null);
    if (given.length == place) {
      return lookup::get;
    }
    String name = Repr.str(given[place]);
    Test test = given[place] instanceof String ? Tests.find(name) : null;
    return item -> {
      Object subject = lookup.get(item);
      if (test == null) {
        throw Tests.unknown(name);
      }
      return test.apply(rest(subject, arguments, place + 1));
    };
  }
}
