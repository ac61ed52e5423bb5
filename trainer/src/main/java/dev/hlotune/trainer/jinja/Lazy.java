package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Generator;
import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An iterator that is made when its first item is asked for, as a generator of Python starts. */
final class Lazy implements Iterator<@Nullable Object> {
  private final Supplier<Iterator<@Nullable Object>> start;
  private @Nullable Iterator<@Nullable Object> items;

  private Lazy(Supplier<Iterator<@Nullable Object>> start) {
    this.start = start;
  }

  static Generator generator(String function, Supplier<Iterator<@Nullable Object>> start) {
    return new Generator("generator object " + function, new Lazy(start));
  }

  private Iterator<@Nullable Object> items() {
    Iterator<@Nullable Object> started = items;
    if (started == null) {
      started = start.get();
      items = started;
    }
    return started;
  }

  @Override
  public boolean hasNext() {
    return items().hasNext();
  }

  @Override
  public @Nullable Object next() {
    return items().next();
  }
}
