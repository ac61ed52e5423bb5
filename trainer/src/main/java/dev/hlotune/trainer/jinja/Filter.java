package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * A filter.
 *
 * @param name its name
 * @param body what it gives for arguments, the first of which is the value
 */
record Filter(String name, java.util.function.Function<Arguments, @Nullable Object> body) {
  /** What a filter gives for bound arguments. */
  interface Body {
    @Nullable Object apply(@Nullable Object[] arguments);
  }

  static Filter of(String name, Parameters parameters, Body body) {
    return new Filter(name, arguments -> body.apply(parameters.bind(name, arguments)));
  }

  @Nullable Object apply(Arguments arguments) {
    return body.apply(arguments);
  }
}
