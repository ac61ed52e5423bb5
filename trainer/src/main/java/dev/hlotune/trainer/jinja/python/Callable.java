package dev.hlotune.trainer.jinja.python;

import org.jspecify.annotations.Nullable;

/** A value that can be called. */
public interface Callable extends PythonObject {
  /** Calls it. */
  @Nullable Object call(Arguments arguments);
}
