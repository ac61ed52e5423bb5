package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods of str that take it apart or put it together. */
final class Splitting {
  private static final Parameters SEPARATOR =
      Parameters.of().with("sep", null).with("maxsplit", -1L);
  private static final Parameters PART = Parameters.unnamed("sep");

  static final List<Method> METHODS =
      List.of(
          Method.of("split", SEPARATOR, (text, a) -> split(text, a, false)),
          Method.of("rsplit", SEPARATOR, (text, a) -> split(text, a, true)),
          Method.of(
              "splitlines",
              Parameters.of().with("keepends", false),
              (text, a) -> new ArrayList<@Nullable Object>(Text.lines(text, Truth.of(a[0])))),
          Method.of("partition", PART, (text, a) -> partition("partition", text, a[0])),
          Method.of("rpartition", PART, (text, a) -> partition("rpartition", text, a[0])),
          Method.of("join", Parameters.unnamed("iterable"), (text, a) -> join(text, a[0])));

  private Splitting() {}

  private static List<@Nullable Object> split(
      String text, @Nullable Object[] arguments, boolean fromRight) {
    int given = Numbers.count(arguments[1], "split");
    int most = given < 0 ? Integer.MAX_VALUE : given;
    List<String> parts;
    if (arguments[0] == null) {
      parts = fromRight ? byWhiteSpaceFromRight(text, most) : byWhiteSpace(text, most);
    } else {
      String separator = separator("split", arguments[0]);
      parts = fromRight ? fromRight(text, separator, most) : fromLeft(text, separator, most);
    }
    return new ArrayList<>(parts);
  }

  private static String separator(String what, @Nullable Object value) {
    String separator = Text.require(what, value);
    if (separator.isEmpty()) {
      throw new DataException(what + ": expected a separator, got an empty string");
    }
    return separator;
  }

  private static List<String> fromLeft(String text, String separator, int most) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    int at = text.indexOf(separator);
    while (at >= 0 && parts.size() < most) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
      at = text.indexOf(separator, from);
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static List<String> fromRight(String text, String separator, int most) {
    List<String> parts = new ArrayList<>();
    int end = text.length();
    int at = text.lastIndexOf(separator, end - separator.length());
    while (at >= 0 && parts.size() < most) {
      parts.add(text.substring(at + separator.length(), end));
      end = at;
      at = text.lastIndexOf(separator, end - separator.length());
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  static List<String> byWhiteSpace(String text, int most) {
    List<String> parts = new ArrayList<>();
    int i = skip(text, 0, true);
    while (i < text.length()) {
      if (parts.size() == most) {
        parts.add(text.substring(i));
        break;
      }
      int end = skip(text, i, false);
      parts.add(text.substring(i, end));
      i = skip(text, end, true);
    }
    return parts;
  }

  /** The first place from there on where white space ends, or where it begins. */
  private static int skip(String text, int from, boolean space) {
    int i = from;
    while (i < text.length() && Characters.isSpace(text.charAt(i)) == space) {
      i++;
    }
    return i;
  }

  private static List<String> byWhiteSpaceFromRight(String text, int most) {
    List<String> parts = new ArrayList<>();
    String left = Text.strip(text, null, false, true);
    while (!left.isEmpty()) {
      if (parts.size() == most) {
        parts.add(left);
        break;
      }
      int start = left.length();
      while (start > 0 && !Characters.isSpace(left.charAt(start - 1))) {
        start--;
      }
      parts.add(left.substring(start));
      left = Text.strip(left.substring(0, start), null, false, true);
    }
    Collections.reverse(parts);
    return parts;
  }

  private static Tuple partition(String what, String text, @Nullable Object value) {
    String separator = separator(what, value);
    boolean first = what.equals("partition");
    int at = first ? text.indexOf(separator) : text.lastIndexOf(separator);
    if (at < 0) {
      return first ? Tuple.of(text, "", "") : Tuple.of("", "", text);
    }
    return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
  }

  private static String join(String separator, @Nullable Object items) {
    StringBuilder out = new StringBuilder();
    String between = "";
    for (Iterator<@Nullable Object> i = Iteration.of(items); i.hasNext(); ) {
      out.append(between).append(Text.require("join", i.next()));
      Limits.length(out.length());
      between = separator;
    }
    return out.toString();
  }
}
