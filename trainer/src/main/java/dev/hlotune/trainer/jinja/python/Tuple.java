package dev.hlotune.trainer.jinja.python;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tuple.
 *
 * @param items its items; not to be changed
 */
public record Tuple(List<@Nullable Object> items)
    implements PythonObject, Sized, Iterable<@Nullable Object> {
  /** A tuple of these. */
  public static Tuple of(@Nullable Object... items) {
    return new Tuple(Arrays.asList(items));
  }

  @Override
  public String typeName() {
    return "tuple";
  }

  @Override
  public String repr() {
    StringBuilder out = new StringBuilder("(");
    Repr.appendItems(out, items);
    return out.append(items.size() == 1 ? ",)" : ")").toString();
  }

  @Override
  public boolean truth() {
    return !items.isEmpty();
  }

  @Override
  public boolean equalTo(@Nullable Object other) {
    return switch (other) {
      case Tuple tuple -> Equality.items(items, tuple.items);
      case Group group -> equalTo(group.tuple());
      case null, default -> false;
    };
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "count", "index" -> ListMethods.bound(this, items, name);
      default -> Missing.VALUE;
    };
  }

  @Override
  public @Nullable Object item(@Nullable Object key) {
    return Slices.item(items, key);
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public Iterator<@Nullable Object> iterator() {
    return Collections.unmodifiableList(items).iterator();
  }
}
