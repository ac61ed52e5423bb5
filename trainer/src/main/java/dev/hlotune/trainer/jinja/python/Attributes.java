package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code a.b} and {@code a[b]}, as Jinja's sandbox looks them up. */
public final class Attributes {
  private Attributes() {}

  /** What {@code value.name} gives: the attribute, or else the item, or else undefined. */
  public static @Nullable Object get(@Nullable Object value, String name) {
    Object found = attribute(value, name);
    if (found == Missing.VALUE) {
      found = item(value, name);
    }
    return found == Missing.VALUE ? Undefined.member(value, name) : found;
  }

  /** What {@code value[key]} gives: the item, or else the attribute, or else undefined. */
  public static @Nullable Object at(@Nullable Object value, @Nullable Object key) {
    Object found = item(value, key);
    if (found == Missing.VALUE) {
      String name = Text.ofString(key);
      found = name == null ? Missing.VALUE : attribute(value, name);
    }
    return found == Missing.VALUE ? Undefined.member(value, key) : found;
  }

  /** What {@code getattr} gives, or {@link Missing#VALUE}. */
  public static @Nullable Object attribute(@Nullable Object value, String name) {
    return switch (value) {
      case Map<?, ?> dict ->
          DictMethods.isName(name) ? DictMethods.attribute(dict, name) : Missing.VALUE;
      case PythonObject object -> object.attribute(name);
      case String text -> {
        Method method = StringMethods.find(name);
        yield method == null
            ? Missing.VALUE
            : new Builtin(
                "built-in method " + name + " of str object",
                arguments -> method.call(text, arguments));
      }
      case List<?> list -> ListMethods.attribute(list, name);
      case null -> Missing.VALUE;
      default -> NumberAttributes.attribute(value, name);
    };
  }

  private static @Nullable Object item(@Nullable Object value, @Nullable Object key) {
    return switch (value) {
      case Map<?, ?> dict -> Dicts.hashable(key) ? Dicts.get(dict, key) : Missing.VALUE;
      case List<?> list -> Slices.item(list, key);
      case String text -> Slices.character(text, key);
      case PythonObject object -> object.item(key);
      case null, default -> Missing.VALUE;
    };
  }

  /** Stands for an attribute that would change its value; calling it is an error. */
  static Undefined unsafe(Object owner, String name) {
    return Undefined.because(
        "access to attribute '" + name + "' of '" + Types.name(owner) + "' object is unsafe");
  }

  /** Calls a value. */
  public static @Nullable Object call(@Nullable Object value, Arguments arguments) {
    return switch (value) {
      case Callable callable -> callable.call(arguments);
      case Undefined undefined -> throw undefined.failure();
      case null, default ->
          throw new DataException("call: expected a function, got '" + Types.name(value) + "'");
    };
  }
}
