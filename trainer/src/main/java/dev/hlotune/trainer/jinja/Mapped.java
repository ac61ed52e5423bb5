package dev.hlotune.trainer.jinja;

import java.util.Iterator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The items of an iterator, each through a function when it is asked for. */
final class Mapped implements Iterator<@Nullable Object> {
  private final Iterator<@Nullable Object> items;
  private final UnaryOperator<@Nullable Object> function;

  Mapped(Iterator<@Nullable Object> items, UnaryOperator<@Nullable Object> function) {
    this.items = items;
    this.function = function;
  }

  @Override
  public boolean hasNext() {
    return items.hasNext();
  }

  @Override
  public @Nullable Object next() {
    return function.apply(items.next());
  }
}
