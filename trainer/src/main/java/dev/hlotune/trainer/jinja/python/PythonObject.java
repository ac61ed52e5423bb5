package dev.hlotune.trainer.jinja.python;

import org.jspecify.annotations.Nullable;

/** A value that is none of Java's own, with what Python would ask its class for. */
public interface PythonObject {
  /** The name of its type, as {@code type(x).__name__}. */
  String typeName();

  /** What {@code repr(x)} gives. */
  String repr();

  /** What {@code str(x)} gives. */
  default String str() {
    return repr();
  }

  /** Whether it counts as true. */
  default boolean truth() {
    return true;
  }

  /** Whether {@code x == other}, the same object aside. */
  default boolean equalTo(@Nullable Object other) {
    return false;
  }

  /** What {@code getattr(x, name)} gives, or {@link Missing#VALUE}. */
  default @Nullable Object attribute(String name) {
    return Missing.VALUE;
  }

  /** What {@code x[key]} gives, or {@link Missing#VALUE} where Python raises a lookup error. */
  default @Nullable Object item(@Nullable Object key) {
    return Missing.VALUE;
  }
}
