package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arithmetic;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Numbers;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.PrettyPrint;
import dev.hlotune.trainer.jinja.python.Slices;
import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.jinja.python.TextWrap;
import dev.hlotune.trainer.jinja.python.Truth;
import dev.hlotune.trainer.jinja.python.Types;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters that lay text out. */
final class LayoutFilters {
  static final List<Filter> ALL =
      List.of(
          Filter.of(
              "indent",
              Parameters.of("s").with("width", 4L).with("first", false).with("blank", false),
              a -> indent(a[0], a[1], Truth.of(a[2]), Truth.of(a[3]))),
          Filter.of(
              "truncate",
              Parameters.of("s")
                  .with("length", 255L)
                  .with("killwords", false)
                  .with("end", "...")
                  .with("leeway", null),
              a -> truncate(a[0], a[1], Truth.of(a[2]), a[3], a[4])),
          Filter.of(
              "wordwrap",
              Parameters.of("s")
                  .with("width", 79L)
                  .with("break_long_words", true)
                  .with("wrapstring", null)
                  .with("break_on_hyphens", true),
              LayoutFilters::wrap),
          Filter.of("pprint", Parameters.of("value"), a -> PrettyPrint.format(a[0])));

  private LayoutFilters() {}

  private static Object indent(
      @Nullable Object value, @Nullable Object width, boolean first, boolean blank) {
    String text = Text.require("indent", value);
    String given = Text.ofString(width);
    String indentation =
        given != null ? given : Text.require("indent", Arithmetic.multiply(" ", width));
    List<String> lines = Text.lines(text + "\n", false);
    List<String> indented = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      boolean indents = i == 0 ? first : blank || !lines.get(i).isEmpty();
      indented.add(indents ? indentation + lines.get(i) : lines.get(i));
    }
    return TextFilters.like(value, TextFilters.join("\n", indented));
  }

  private static @Nullable Object truncate(
      @Nullable Object value,
      @Nullable Object length,
      boolean cutsWords,
      @Nullable Object end,
      @Nullable Object leeway) {
    int most = Numbers.count(length, "truncate");
    int slack = leeway == null ? 5 : Numbers.count(leeway, "truncate");
    int kept = most - Iteration.length(end);
    if (kept < 0 || slack < 0) {
      throw new DataException(
          "truncate: expected a length of at least that of the end, got " + most);
    }
    if (Iteration.length(value) <= (long) most + slack) {
      return value;
    }
    Object start = Slices.slice(value, null, (long) kept, null);
    String text = Text.ofString(start);
    if (text == null) {
      throw Types.unexpected("truncate", "a string", value);
    }
    int space = cutsWords ? -1 : text.lastIndexOf(' ');
    return Arithmetic.add(
        space < 0 ? start : TextFilters.like(start, text.substring(0, space)), end);
  }

  private static String wrap(@Nullable Object[] arguments) {
    String text = Text.require("wordwrap", arguments[0]);
    int width = Numbers.count(arguments[1], "wordwrap");
    String separator = arguments[3] == null ? "\n" : Text.require("wordwrap", arguments[3]);
    List<String> lines = new ArrayList<>();
    for (String line : Text.lines(text, false)) {
      boolean hyphens = Boolean.TRUE.equals(arguments[4]);
      lines.add(
          String.join(separator, TextWrap.lines(line, width, Truth.of(arguments[2]), hyphens)));
    }
    return TextFilters.join(separator, lines);
  }
}
