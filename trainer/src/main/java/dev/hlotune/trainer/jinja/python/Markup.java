package dev.hlotune.trainer.jinja.python;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A string that counts as escaped: what {@code safe} and {@code escape} give. It is a str in all
 * respects, except that what is added to it is escaped first and its methods give markup again.
 *
 * @param text the text
 */
public record Markup(String text) implements PythonObject, Sized, Iterable<@Nullable Object> {
  /** The text with {@code & < > ' "} as entities; markup as it is. */
  public static Markup escape(@Nullable Object value) {
    return value instanceof Markup markup ? markup : new Markup(escapeText(Repr.str(value)));
  }

  /** The text with {@code & < > ' "} as entities. */
  static String escapeText(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\'' -> out.append("&#39;");
        case '"' -> out.append("&#34;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  @Override
  public String typeName() {
    return "Markup";
  }

  @Override
  public String repr() {
    return "Markup(" + Repr.of(text) + ")";
  }

  @Override
  public String str() {
    return text;
  }

  @Override
  public boolean truth() {
    return !text.isEmpty();
  }

  @Override
  public boolean equalTo(@Nullable Object other) {
    return other instanceof Markup markup ? text.equals(markup.text) : text.equals(other);
  }

  @Override
  public @Nullable Object attribute(String name) {
    return MarkupMethods.attribute(this, name);
  }

  @Override
  public @Nullable Object item(@Nullable Object key) {
    Object item = Slices.character(text, key);
    return item instanceof String character ? new Markup(character) : item;
  }

  @Override
  public int size() {
    return Text.length(text);
  }

  @Override
  public Iterator<@Nullable Object> iterator() {
    return Iteration.of(text);
  }
}
