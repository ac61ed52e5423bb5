package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Dicts;
import dev.hlotune.trainer.jinja.python.Markup;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.jinja.python.Truth;
import dev.hlotune.trainer.jinja.python.Types;
import dev.hlotune.trainer.jinja.python.Undefined;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters for HTML, in which chat templates have little to do but {@code safe}. */
final class MarkupFilters {
  private static final Pattern BAD_NAME = Pattern.compile("[\\s/>=]");

  static final List<Filter> ALL =
      List.of(
          Filter.of("safe", Parameters.of("value"), a -> new Markup(Repr.str(a[0]))),
          Filter.of("escape", Parameters.unnamed("s"), a -> Markup.escape(a[0])),
          Filter.of("e", Parameters.unnamed("s"), a -> Markup.escape(a[0])),
          Filter.of("forceescape", Parameters.of("value"), a -> Markup.escape(Repr.str(a[0]))),
          Filter.of("striptags", Parameters.of("value"), a -> stripTags(Repr.str(a[0]))),
          Filter.of(
              "xmlattr",
              Parameters.of("d").with("autospace", true),
              a -> attributes(a[0], Truth.of(a[1]))));

  private MarkupFilters() {}

  private static String attributes(@Nullable Object value, boolean space) {
    if (!(value instanceof Map<?, ?> dict)) {
      throw Types.unexpected("xmlattr", "a dict", value);
    }
    List<String> attributes = new ArrayList<>();
    for (Map.Entry<?, ?> entry : dict.entrySet()) {
      Object attribute = entry.getValue();
      if (attribute == null || attribute instanceof Undefined) {
        continue;
      }
      String name = Text.require("xmlattr", Dicts.value(entry.getKey()));
      if (BAD_NAME.matcher(name).find()) {
        throw new DataException("xmlattr: expected the name of an attribute, got " + Repr.of(name));
      }
      attributes.add(Markup.escape(name).text() + "=\"" + Markup.escape(attribute).text() + "\"");
    }
    String text = String.join(" ", attributes);
    return space && !text.isEmpty() ? " " + text : text;
  }

  private static String stripTags(String text) {
    StringBuilder kept = new StringBuilder();
    int from = 0;
    for (int start = text.indexOf('<'); start >= 0; start = text.indexOf('<', from)) {
      boolean comment = text.startsWith("<!--", start);
      int end = comment ? text.indexOf("-->", start + 4) : text.indexOf('>', start);
      if (end < 0) {
        break;
      }
      kept.append(text, from, start);
      from = end + (comment ? 3 : 1);
    }
    kept.append(text, from, text.length());
    return unescape(String.join(" ", Text.words(kept.toString())));
  }

  private static String unescape(String text) {
    String plain =
        text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&#34;", "\"")
            .replace("&quot;", "\"")
            .replace("&#39;", "'");
    if (Pattern.compile("&(?!amp;)[#A-Za-z]").matcher(plain).find()) {
      throw new DataException("striptags: other entities than those of escape are not covered");
    }
    return plain.replace("&amp;", "&");
  }
}
