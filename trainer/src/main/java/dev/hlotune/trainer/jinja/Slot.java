package dev.hlotune.trainer.jinja;

import org.jspecify.annotations.Nullable;

/**
 * Where a variable is held.
 *
 * @param hops how many functions further out
 * @param index its place there
 */
record Slot(int hops, int index) {
  @Nullable Object get(Scope scope) {
    return hops == 0 ? scope.slots[index] : scope.outer(hops).slots[index];
  }

  void set(Scope scope, @Nullable Object value) {
    if (hops == 0) {
      scope.slots[index] = value;
    } else {
      scope.outer(hops).slots[index] = value;
    }
  }
}
