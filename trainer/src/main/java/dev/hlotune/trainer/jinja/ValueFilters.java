package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Attributes;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Json;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.jinja.python.Truth;
import dev.hlotune.trainer.jinja.python.Undefined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters for values of any kind. */
final class ValueFilters {
  private static final Parameters DEFAULT =
      Parameters.of("value").with("default_value", "").with("boolean", false);
  private static final Parameters LENGTH = Parameters.unnamed("obj");

  static final List<Filter> ALL =
      List.of(
          Filter.of("default", DEFAULT, ValueFilters::orDefault),
          Filter.of("d", DEFAULT, ValueFilters::orDefault),
          Filter.of("length", LENGTH, a -> (long) Iteration.length(a[0])),
          Filter.of("count", LENGTH, a -> (long) Iteration.length(a[0])),
          Filter.of("attr", Parameters.of("obj", "name"), a -> attribute(a[0], a[1])),
          Filter.of(
              "tojson",
              Parameters.of("x")
                  .with("ensure_ascii", false)
                  .with("indent", null)
                  .with("separators", null)
                  .with("sort_keys", false),
              a -> Json.write(a[0], a[1], a[2], a[3], a[4])));

  private ValueFilters() {}

  private static @Nullable Object orDefault(@Nullable Object[] arguments) {
    boolean absent =
        arguments[0] instanceof Undefined || (Truth.of(arguments[2]) && !Truth.of(arguments[0]));
    return arguments[absent ? 1 : 0];
  }

  private static @Nullable Object attribute(@Nullable Object value, @Nullable Object name) {
    Object found = Attributes.attribute(value, Text.require("attr", name));
    return found == Missing.VALUE ? Undefined.member(value, name) : found;
  }
}
