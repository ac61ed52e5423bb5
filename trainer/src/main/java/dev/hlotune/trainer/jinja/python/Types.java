package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types of values, by name. */
public final class Types {
  private Types() {}

  /** What {@code type(x).__name__} gives. */
  public static String name(@Nullable Object value) {
    return switch (value) {
      case null -> "NoneType";
      case Boolean _ -> "bool";
      case String _ -> "str";
      case Double _, Float _ -> "float";
      case Number _ -> "int";
      case List<?> _ -> "list";
      case Map<?, ?> _ -> "dict";
      case PythonObject object -> object.typeName();
      default -> value.getClass().getSimpleName();
    };
  }

  /** As Jinja names a value in a message: {@code dict object}, {@code None}. */
  static String description(@Nullable Object value) {
    return switch (value) {
      case null -> "None";
      case Markup _ -> "markupsafe.Markup object";
      case Undefined _ -> "jinja2.runtime.Undefined object";
      default -> name(value) + " object";
    };
  }

  /** The error that a value of another type is. */
  public static DataException unexpected(String what, String expected, @Nullable Object got) {
    return got instanceof Undefined undefined
        ? undefined.failure()
        : new DataException(what + ": expected " + expected + ", got '" + name(got) + "'");
  }
}
