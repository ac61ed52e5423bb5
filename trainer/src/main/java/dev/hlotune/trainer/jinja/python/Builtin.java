package dev.hlotune.trainer.jinja.python;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A function, or a method of a value, as a value of its own.
 *
 * @param description what {@code repr} gives, without the address that Python adds
 * @param owner the value whose method it is, where {@code repr} names it, or else null
 * @param body what it does
 */
public record Builtin(
    String description, @Nullable PythonObject owner, Function<Arguments, @Nullable Object> body)
    implements Callable {
  /** A function, or a method whose {@code repr} does not name the value. */
  public Builtin(String description, Function<Arguments, @Nullable Object> body) {
    this(description, null, body);
  }

  @Override
  public String typeName() {
    return "builtin_function_or_method";
  }

  @Override
  public String repr() {
    return "<" + description + (owner == null ? "" : " of " + owner.repr()) + ">";
  }

  @Override
  public @Nullable Object call(Arguments arguments) {
    return body.apply(arguments);
  }
}
