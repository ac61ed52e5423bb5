package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Arithmetic;
import dev.hlotune.trainer.jinja.python.Attributes;
import dev.hlotune.trainer.jinja.python.Characters;
import dev.hlotune.trainer.jinja.python.Limits;
import dev.hlotune.trainer.jinja.python.Markup;
import dev.hlotune.trainer.jinja.python.Numbers;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.jinja.python.Searching;
import dev.hlotune.trainer.jinja.python.TextCase;
import dev.hlotune.trainer.jinja.python.Tuple;
import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters that make one text of another. */
final class TextFilters {
  private static final Parameters TEXT = Parameters.of("s");
  private static final Parameters VALUE = Parameters.of("value");

  static final List<Filter> ALL =
      List.of(
          method("capitalize", "capitalize", TEXT),
          method("lower", "lower", TEXT),
          method("upper", "upper", TEXT),
          method("trim", "strip", VALUE.with("chars", null)),
          method("center", "center", VALUE.with("width", 80L)),
          Filter.of("string", Parameters.unnamed("s"), a -> soft(a[0])),
          Filter.of("title", TEXT, a -> title(Repr.str(a[0]))),
          Filter.of("wordcount", TEXT, a -> wordCount(Repr.str(a[0]))),
          Filter.of(
              "replace",
              Parameters.of("s", "old", "new").with("count", null),
              a ->
                  Searching.replace(
                      Repr.str(a[0]),
                      Repr.str(a[1]),
                      Repr.str(a[2]),
                      a[3] == null ? -1 : Numbers.count(a[3], "replace"))),
          new Filter("format", TextFilters::format),
          Filter.of("urlencode", VALUE, a -> UrlEncoding.encode(a[0])));

  private TextFilters() {}

  /** The value as a str; markup stays markup. */
  static Object soft(@Nullable Object value) {
    return value instanceof Markup ? value : Repr.str(value);
  }

  /** A filter that is a method of str. */
  private static Filter method(String name, String method, Parameters parameters) {
    return Filter.of(
        name,
        parameters,
        a -> {
          Object bound = Attributes.attribute(soft(a[0]), method);
          return Attributes.call(bound, Arguments.of(Arrays.copyOfRange(a, 1, a.length)));
        });
  }

  /** Words begin after a space, a dash or an opening bracket. */
  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      boolean between = isBetweenWords(text.codePointAt(i));
      int end = i;
      while (end < text.length() && isBetweenWords(text.codePointAt(end)) == between) {
        end += Character.charCount(text.codePointAt(end));
      }
      int first = text.offsetByCodePoints(i, 1);
      out.append(TextCase.upper(text.substring(i, first)));
      out.append(TextCase.lower(text.substring(first, end)));
      i = end;
    }
    return out.toString();
  }

  private static boolean isBetweenWords(int c) {
    return "-({[<".indexOf(c) >= 0 || Characters.isSpace(c);
  }

  private static long wordCount(String text) {
    long count = 0;
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      boolean word = c == '_' || Characters.isAlphanumeric(c);
      count += word && !inWord ? 1 : 0;
      inWord = word;
    }
    return count;
  }

  private static Object format(Arguments arguments) {
    @Nullable Object[] given = arguments.positional();
    Object[] values = Arrays.copyOfRange(given, 1, given.length);
    if (values.length > 0 && !arguments.keywords().isEmpty()) {
      throw new DataException("format: expected values by place or by name, got both");
    }
    return Arithmetic.modulo(
        soft(given[0]), arguments.keywords().isEmpty() ? Tuple.of(values) : arguments.keywords());
  }

  /** Text of parts, each checked before it is made. */
  static String join(String separator, Iterable<? extends @Nullable Object> parts) {
    StringBuilder out = new StringBuilder();
    String between = "";
    for (Object part : parts) {
      out.append(between).append(Repr.str(part));
      Limits.length(out.length());
      between = separator;
    }
    return out.toString();
  }

  /** Text, as markup where the value was. */
  static Object like(@Nullable Object value, String text) {
    return value instanceof Markup ? new Markup(text) : text;
  }
}
