package dev.hlotune.trainer.jinja.python;

import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A method of strings.
 *
 * @param name its name
 * @param body what it gives for a string and the arguments
 */
public record Method(String name, BiFunction<String, Arguments, @Nullable Object> body) {
  /** What it gives for bound arguments. */
  interface Body {
    @Nullable Object apply(String self, @Nullable Object[] arguments);
  }

  static Method of(String name, Parameters parameters, Body body) {
    return new Method(
        name, (self, arguments) -> body.apply(self, parameters.bind(name, arguments)));
  }

  /** Calls it on a string. */
  public @Nullable Object call(String self, Arguments arguments) {
    return body.apply(self, arguments);
  }
}
