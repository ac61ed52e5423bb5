package dev.hlotune.trainer.jinja.python;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What counts as true. */
public final class Truth {
  private Truth() {}

  /** What {@code bool(x)} gives. */
  public static boolean of(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean bool -> bool;
      case String text -> !text.isEmpty();
      case Map<?, ?> dict -> !dict.isEmpty();
      case List<?> list -> !list.isEmpty();
      case PythonObject object -> object.truth();
      case BigInteger big -> big.signum() != 0;
      case Number number -> number.doubleValue() != 0;
      default -> true;
    };
  }
}
