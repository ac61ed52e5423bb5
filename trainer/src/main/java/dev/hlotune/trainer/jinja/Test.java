package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * A test, as {@code is} takes it.
 *
 * @param name its name
 * @param parameters its parameters, the first of which is the value
 * @param body whether it holds
 */
record Test(String name, Parameters parameters, Body body) {
  /** Whether a test holds for bound arguments. */
  interface Body {
    boolean test(@Nullable Object[] arguments);
  }

  boolean apply(Arguments arguments) {
    return body.test(parameters.bind(name, arguments));
  }
}
