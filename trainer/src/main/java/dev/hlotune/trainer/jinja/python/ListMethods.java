package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods of lists that do not change them, and what stands for those that do. */
final class ListMethods {
  private static final Parameters INDEX =
      Parameters.unnamed("value").with("start", 0L).with("stop", (long) Integer.MAX_VALUE);

  private ListMethods() {}

  static @Nullable Object attribute(List<?> list, String name) {
    return switch (name) {
      case "append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort" ->
          Attributes.unsafe(list, name);
      case "copy", "count", "index" -> bound(list, list, name);
      default -> Missing.VALUE;
    };
  }

  /** A method of a list, tuple or range, by the items that it has. */
  static Builtin bound(Object owner, List<? extends @Nullable Object> items, String name) {
    String description = "built-in method " + name + " of " + Types.name(owner) + " object";
    return new Builtin(
        description,
        switch (name) {
          case "copy" ->
              arguments -> {
                Parameters.unnamed().bind(name, arguments);
                return new ArrayList<@Nullable Object>(items);
              };
          case "count" -> arguments -> count(items, arguments);
          default -> arguments -> index(items, arguments);
        });
  }

  private static long count(List<? extends @Nullable Object> items, Arguments arguments) {
    Object value = Parameters.unnamed("value").bind("count", arguments)[0];
    return items.stream().filter(item -> Equality.same(item, value)).count();
  }

  private static long index(List<? extends @Nullable Object> items, Arguments arguments) {
    @Nullable Object[] bound = INDEX.bind("index", arguments);
    int start = place(bound[1], items.size());
    int stop = Math.min(place(bound[2], items.size()), items.size());
    for (int i = start; i < stop; i++) {
      if (Equality.same(items.get(i), bound[0])) {
        return i;
      }
    }
    throw new DataException(
        "index: expected " + Repr.of(bound[0]) + " in the list, found it nowhere");
  }

  private static int place(@Nullable Object value, int size) {
    int index = Numbers.count(value, "index");
    return index < 0 ? Math.max(0, index + size) : index;
  }
}
