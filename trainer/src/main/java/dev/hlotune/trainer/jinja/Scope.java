package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Missing;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The variables of one call of a function: of the template itself, a macro, the filter of a loop,
 * or a recursive loop. Functions inside see them, and see later changes.
 */
final class Scope {
  final @Nullable Object[] slots;
  final @Nullable Scope outer;
  final Run run;

  Scope(Function function, @Nullable Scope outer, Run run) {
    this.slots = new @Nullable Object[function.size()];
    Arrays.fill(slots, Missing.VALUE);
    this.outer = outer;
    this.run = run;
  }

  /** The scope that many functions further out. */
  Scope outer(int hops) {
    Scope scope = this;
    for (int i = 0; i < hops; i++) {
      scope = Objects.requireNonNull(scope.outer);
    }
    return scope;
  }
}
