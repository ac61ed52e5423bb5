package dev.hlotune.trainer.jinja.python;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One group of the filter {@code groupby}: a tuple of two whose items have names as well.
 *
 * @param grouper what its items have in common
 * @param list the items
 */
public record Group(@Nullable Object grouper, List<@Nullable Object> list)
    implements PythonObject, Sized, Iterable<@Nullable Object> {
  Tuple tuple() {
    return Tuple.of(grouper, list);
  }

  @Override
  public String typeName() {
    return "_GroupTuple";
  }

  @Override
  public String repr() {
    return tuple().repr();
  }

  @Override
  public boolean equalTo(@Nullable Object other) {
    return other instanceof Group group ? tuple().equalTo(group.tuple()) : tuple().equalTo(other);
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "grouper" -> grouper;
      case "list" -> list;
      default -> tuple().attribute(name);
    };
  }

  @Override
  public @Nullable Object item(@Nullable Object key) {
    return tuple().item(key);
  }

  @Override
  public int size() {
    return 2;
  }

  @Override
  public Iterator<@Nullable Object> iterator() {
    return tuple().iterator();
  }
}
