package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Missing;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The items of an iterator for which a function gives something, and what it gives. */
final class Selected implements Iterator<@Nullable Object> {
  private final Iterator<@Nullable Object> items;
  private final UnaryOperator<@Nullable Object> function;
  private @Nullable Object next = Missing.VALUE;

  /**
   * Selects.
   *
   * @param items the items
   * @param function gives {@link Missing#VALUE} for those that are left out
   */
  Selected(Iterator<@Nullable Object> items, UnaryOperator<@Nullable Object> function) {
    this.items = items;
    this.function = function;
  }

  @Override
  public boolean hasNext() {
    while (next == Missing.VALUE && items.hasNext()) {
      next = function.apply(items.next());
    }
    return next != Missing.VALUE;
  }

  @Override
  public @Nullable Object next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Object item = next;
    next = Missing.VALUE;
    return item;
  }
}
