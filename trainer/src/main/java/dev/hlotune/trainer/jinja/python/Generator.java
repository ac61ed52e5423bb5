package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something to iterate over once, computed while that is done: what filters such as {@code map}
 * give.
 */
public final class Generator implements PythonObject, Iterable<@Nullable Object> {
  private static final Set<String> LEFT_OUT =
      Set.of("close", "gi_running", "gi_suspended", "gi_yieldfrom", "send", "throw");

  private final String description;
  private final Iterator<? extends @Nullable Object> source;

  /**
   * A generator.
   *
   * @param description what it prints as, without the address that Python adds
   * @param source its items
   */
  public Generator(String description, Iterator<? extends @Nullable Object> source) {
    this.description = description;
    this.source = source;
  }

  @Override
  public String typeName() {
    return "generator";
  }

  @Override
  public String repr() {
    return "<" + description + ">";
  }

  @Override
  public @Nullable Object attribute(String name) {
    if (LEFT_OUT.contains(name)) {
      throw new DataException("generator: \"" + name + "\" is not covered");
    }
    return Missing.VALUE;
  }

  @Override
  @SuppressWarnings("unchecked") // an iterator of anything is one of objects: it only gives
  public Iterator<@Nullable Object> iterator() {
    return (Iterator<@Nullable Object>) source;
  }
}
