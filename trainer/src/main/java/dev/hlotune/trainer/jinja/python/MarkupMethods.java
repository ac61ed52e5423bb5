package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of markup: those of str, which give markup and escape what they put in. */
final class MarkupMethods {
  /** Their second argument is put into the text, so it is escaped. */
  private static final Set<String> SECOND_IS_TEXT = Set.of("replace", "center", "ljust", "rjust");

  private static final Set<String> LEFT_OUT = Set.of("format_map", "unescape", "striptags");

  private MarkupMethods() {}

  static @Nullable Object attribute(Markup markup, String name) {
    if (LEFT_OUT.contains(name)) {
      throw new DataException("Markup: \"" + name + "\" is not covered");
    }
    switch (name) {
      case "escape" -> {
        return new Builtin("bound method Markup.escape", MarkupMethods::escape);
      }
      case "format" -> {
        return new Builtin(
            "bound method Markup.format",
            markup,
            arguments -> BraceFormat.format(markup, arguments));
      }
      default -> {}
    }
    Method method = StringMethods.find(name);
    if (method == null) {
      return Missing.VALUE;
    }
    return new Builtin(
        "bound method Markup." + name, markup, arguments -> call(markup, method, arguments));
  }

  private static Markup escape(Arguments arguments) {
    return Markup.escape(Parameters.unnamed("s").bind("escape", arguments)[0]);
  }

  private static @Nullable Object call(Markup markup, Method method, Arguments arguments) {
    @Nullable Object[] given = arguments.positional().clone();
    if (method.name().equals("join") && given.length == 1) {
      List<@Nullable Object> escaped = new ArrayList<>();
      for (Iterator<@Nullable Object> items = Iteration.of(given[0]); items.hasNext(); ) {
        escaped.add(Markup.escape(items.next()).text());
      }
      given[0] = escaped;
    } else if (SECOND_IS_TEXT.contains(method.name()) && given.length > 1) {
      given[1] = Markup.escape(given[1]).text();
    }
    return mark(method.call(markup.text(), new Arguments(given, arguments.keywords())));
  }

  /** Strings as markup, also in the lists and tuples that some methods give. */
  private static @Nullable Object mark(@Nullable Object result) {
    return switch (result) {
      case String text -> new Markup(text);
      case List<?> list -> new ArrayList<>(list.stream().map(MarkupMethods::mark).toList());
      case Tuple(List<@Nullable Object> items) ->
          Tuple.of(items.stream().map(MarkupMethods::mark).toArray());
      case null, default -> result;
    };
  }
}
