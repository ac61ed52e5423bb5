package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods of str that look for a part of it. */
public final class Searching {
  private static final Parameters PART =
      Parameters.unnamed("sub").with("start", null).with("end", null);

  static final List<Method> METHODS =
      List.of(
          Method.of("count", PART, (text, a) -> (long) count(window(text, a), part("count", a))),
          Method.of("find", PART, (text, a) -> find("find", text, a, true)),
          Method.of("rfind", PART, (text, a) -> find("rfind", text, a, false)),
          Method.of("index", PART, (text, a) -> index("index", text, a, true)),
          Method.of("rindex", PART, (text, a) -> index("rindex", text, a, false)),
          Method.of("startswith", PART, (text, a) -> matches("startswith", text, a, true)),
          Method.of("endswith", PART, (text, a) -> matches("endswith", text, a, false)),
          Method.of(
              "removeprefix",
              Parameters.unnamed("prefix"),
              (text, a) -> {
                String prefix = part("removeprefix", a);
                return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
              }),
          Method.of(
              "removesuffix",
              Parameters.unnamed("suffix"),
              (text, a) -> {
                String suffix = part("removesuffix", a);
                return text.endsWith(suffix)
                    ? text.substring(0, text.length() - suffix.length())
                    : text;
              }),
          Method.of(
              "replace",
              Parameters.unnamed("old", "new").with("count", -1L),
              (text, a) ->
                  replace(
                      text,
                      part("replace", a),
                      Text.require("replace", a[1]),
                      Numbers.count(a[2], "replace"))));

  private Searching() {}

  private static String part(String what, @Nullable Object[] arguments) {
    return Text.require(what, arguments[0]);
  }

  /** A part of a text, null where its start lies behind its end. */
  private record Window(@Nullable String text, int start) {}

  private static Window window(String text, @Nullable Object[] arguments) {
    if (arguments[1] == null && arguments[2] == null) {
      return new Window(text, 0);
    }
    int size = Text.length(text);
    int start = arguments[1] == null ? 0 : bound(arguments[1], size);
    int end = arguments[2] == null ? size : Math.min(bound(arguments[2], size), size);
    return start > end ? new Window(null, start) : new Window(Text.slice(text, start, end), start);
  }

  private static int bound(Object value, int size) {
    int index = Numbers.count(value, "slice");
    return index < 0 ? Math.max(index + size, 0) : index;
  }

  private static int count(Window window, String part) {
    String text = window.text;
    if (text == null) {
      return 0;
    }
    if (part.isEmpty()) {
      return Text.length(text) + 1;
    }
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private static long find(String what, String text, @Nullable Object[] arguments, boolean first) {
    String part = part(what, arguments);
    Window window = window(text, arguments);
    if (window.text == null) {
      return -1;
    }
    int at = first ? window.text.indexOf(part) : window.text.lastIndexOf(part);
    return at < 0 ? -1 : window.start + window.text.codePointCount(0, at);
  }

  private static long index(String what, String text, @Nullable Object[] arguments, boolean first) {
    long at = find(what, text, arguments, first);
    if (at < 0) {
      throw new DataException(
          what + ": expected " + Repr.of(arguments[0]) + " in the string, found it nowhere");
    }
    return at;
  }

  private static boolean matches(
      String what, String text, @Nullable Object[] arguments, boolean start) {
    Window window = window(text, arguments);
    Iterable<?> parts =
        arguments[0] instanceof Tuple tuple ? tuple : List.of(part(what, arguments));
    for (Object candidate : parts) {
      String part = Text.require(what, candidate);
      if (window.text != null
          && (start ? window.text.startsWith(part) : window.text.endsWith(part))) {
        return true;
      }
    }
    return false;
  }

  /** What {@code text.replace(old, replacement, count)} gives; a negative count means all. */
  public static String replace(String text, String old, String replacement, int count) {
    if (old.isEmpty()) {
      return interleave(text, replacement, count);
    }
    int at = text.indexOf(old);
    if (at < 0 || count == 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int from = 0;
    for (int left = count; at >= 0 && left != 0; left--) {
      out.append(text, from, at).append(replacement);
      Limits.length(out.length());
      from = at + old.length();
      at = text.indexOf(old, from);
    }
    return out.append(text, from, text.length()).toString();
  }

  private static String interleave(String text, String between, int count) {
    StringBuilder out = new StringBuilder();
    int left = count;
    for (int i = 0; i < text.length() && left != 0; left--) {
      int next = text.offsetByCodePoints(i, 1);
      out.append(between).append(text, i, next);
      Limits.length(out.length());
      i = next;
    }
    int done = count < 0 ? text.length() : Math.min(count, Text.length(text));
    int offset = count < 0 ? text.length() : Text.offset(text, done);
    return (left != 0 ? out.append(between) : out.append(text.substring(offset))).toString();
  }
}
