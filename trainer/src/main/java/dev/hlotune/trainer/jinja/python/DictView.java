package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys, values or items of a dict.
 *
 * @param kind which of them
 * @param dict the dict
 */
public record DictView(Kind kind, Map<?, ?> dict)
    implements PythonObject, Sized, Iterable<@Nullable Object> {
  /** What a view shows. */
  public enum Kind {
    /** Its keys. */
    KEYS("dict_keys"),
    /** Its values. */
    VALUES("dict_values"),
    /** Pairs of key and value. */
    ITEMS("dict_items");

    private final String typeName;

    Kind(String typeName) {
      this.typeName = typeName;
    }
  }

  @Override
  public String typeName() {
    return kind.typeName;
  }

  @Override
  public String repr() {
    StringBuilder out = new StringBuilder(kind.typeName).append("([");
    Repr.appendItems(out, list());
    return out.append("])").toString();
  }

  @Override
  public boolean truth() {
    return !dict.isEmpty();
  }

  @Override
  public boolean equalTo(@Nullable Object other) {
    return kind != Kind.VALUES
        && other instanceof DictView view
        && view.kind != Kind.VALUES
        && size() == view.size()
        && list().stream().allMatch(item -> Iteration.contains(view, item));
  }

  @Override
  public @Nullable Object attribute(String name) {
    if (name.equals("isdisjoint") || name.equals("mapping")) {
      throw new DataException(kind.typeName + ": \"" + name + "\" is not covered");
    }
    return Missing.VALUE;
  }

  @Override
  public int size() {
    return dict.size();
  }

  @Override
  public Iterator<@Nullable Object> iterator() {
    return kind == Kind.KEYS ? Dicts.keys(dict) : list().iterator();
  }

  /** What it shows now. */
  List<@Nullable Object> list() {
    List<@Nullable Object> list = new ArrayList<>(dict.size());
    dict.forEach((key, value) ->
        list.add(
            switch (kind) {
              case KEYS -> Dicts.value(key);
              case VALUES -> value;
              case ITEMS -> Tuple.of(Dicts.value(key), value);
            }));
    return list;
  }
}
