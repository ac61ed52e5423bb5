package dev.hlotune.trainer.jinja.python;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function, or a method of a value, as a value of its own.
 *
 * @param description what {@code repr} gives, without the address that Python adds
 * @param body what it does
 */
public record Builtin(String description, Function<Arguments, @Nullable Object> body)
    implements Callable {
  @Override
  public String typeName() {
    return "builtin_function_or_method";
  }

  @Override
  public String repr() {
    return "<" + description + ">";
  }

  @Override
  public @Nullable Object call(Arguments arguments) {
    return body.apply(arguments);
  }
}
