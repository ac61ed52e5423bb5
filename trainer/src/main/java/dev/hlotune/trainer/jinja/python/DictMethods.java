package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The methods of dicts that do not change them, and what stands for those that do. */
public final class DictMethods {
  private static final Parameters GET = Parameters.unnamed("key").with("default", null);
  private static final Parameters NONE = Parameters.unnamed();

  private DictMethods() {}

  /** Whether it is the name of a method of dicts, which hides a key of that name. */
  public static boolean isName(String name) {
    return switch (name) {
      case "clear",
          "copy",
          "fromkeys",
          "get",
          "items",
          "keys",
          "pop",
          "popitem",
          "setdefault",
          "update",
          "values" ->
          true;
      default -> false;
    };
  }

  static Object attribute(Map<?, ?> dict, String name) {
    return switch (name) {
      case "clear", "pop", "popitem", "setdefault", "update" -> Attributes.unsafe(dict, name);
      default ->
          new Builtin(
              "built-in method " + name + " of dict object",
              arguments -> call(dict, name, arguments));
    };
  }

  /** Calls a method that does not change the dict. */
  public static @Nullable Object call(Map<?, ?> dict, String name, Arguments arguments) {
    return switch (name) {
      case "get" -> {
        @Nullable Object[] bound = GET.bind(name, arguments);
        Object found = Dicts.get(dict, bound[0]);
        yield found == Missing.VALUE ? bound[1] : found;
      }
      case "items" -> view(dict, DictView.Kind.ITEMS, name, arguments);
      case "keys" -> view(dict, DictView.Kind.KEYS, name, arguments);
      case "values" -> view(dict, DictView.Kind.VALUES, name, arguments);
      case "copy" -> {
        NONE.bind(name, arguments);
        yield new LinkedHashMap<@Nullable Object, @Nullable Object>(dict);
      }
      case "fromkeys" -> fromKeys(arguments);
      default ->
          throw new DataException("dict: \"" + name + "\" is not a method that can be called");
    };
  }

  private static DictView view(
      Map<?, ?> dict, DictView.Kind kind, String name, Arguments arguments) {
    NONE.bind(name, arguments);
    return new DictView(kind, dict);
  }

  /** What {@code dict.fromkeys(keys, value)} gives. */
  public static Map<Object, @Nullable Object> fromKeys(Arguments arguments) {
    @Nullable Object[] bound =
        Parameters.unnamed("iterable").with("value", null).bind("fromkeys", arguments);
    Map<Object, @Nullable Object> dict = Dicts.empty();
    for (Iterator<@Nullable Object> keys = Iteration.of(bound[0]); keys.hasNext(); ) {
      dict.put(Dicts.key(keys.next()), bound[1]);
    }
    return dict;
  }
}
