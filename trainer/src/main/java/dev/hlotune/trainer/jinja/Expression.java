package dev.hlotune.trainer.jinja;

import org.jspecify.annotations.Nullable;

/** A compiled expression. */
interface Expression {
  /** Its value. */
  @Nullable Object evaluate(Scope scope);
}
