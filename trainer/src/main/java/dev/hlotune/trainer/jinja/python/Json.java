package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code json.dumps}. */
public final class Json {
  private final boolean ascii;
  private final @Nullable String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean sorted;
  private final StringBuilder out = new StringBuilder();

  private Json(
      boolean ascii,
      @Nullable String indent,
      String itemSeparator,
      String keySeparator,
      boolean sorted) {
    this.ascii = ascii;
    this.indent = indent;
    this.itemSeparator = itemSeparator;
    this.keySeparator = keySeparator;
    this.sorted = sorted;
  }

  /** What {@code json.dumps} gives for a value and those options. */
  public static String write(
      @Nullable Object value,
      @Nullable Object ascii,
      @Nullable Object indent,
      @Nullable Object separators,
      @Nullable Object sorted) {
    String indentText = Text.ofString(indent);
    if (indent != null && indentText == null) {
      indentText = Sequences.repeat(" ", Numbers.count(indent, "tojson: indent"));
    }
    String itemSeparator = indent == null ? ", " : ",";
    String keySeparator = ": ";
    if (separators != null) {
      @Nullable Object[] given = Iteration.unpack(separators, 2);
      itemSeparator = Text.require("tojson: separators", given[0]);
      keySeparator = Text.require("tojson: separators", given[1]);
    }
    Json json =
        new Json(Truth.of(ascii), indentText, itemSeparator, keySeparator, Truth.of(sorted));
    json.append(value, 0);
    return json.out.toString();
  }

  private void append(@Nullable Object value, int depth) {
    switch (value) {
      case null -> out.append("null");
      case Boolean bool -> out.append(bool ? "true" : "false");
      case String text -> appendString(text);
      case Markup(String text) -> appendString(text);
      case Double _, Float _ -> out.append(number(Numbers.approximate(value)));
      case Number _ -> out.append(Repr.of(value));
      case List<?> list -> appendList(list, depth);
      case Tuple(List<@Nullable Object> items) -> appendList(items, depth);
      case Group group -> appendList(group.tuple().items(), depth);
      case Map<?, ?> dict -> appendDict(dict, depth);
      default ->
          throw new DataException(
              "tojson: expected a value of JSON, got '" + Types.name(value) + "'");
    }
    Limits.length(out.length());
  }

  private static String number(double value) {
    if (Double.isFinite(value)) {
      return FloatText.repr(value);
    }
    return Double.isNaN(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
  }

  private void appendList(List<?> list, int depth) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    boolean first = true;
    for (Object item : list) {
      separate(first, depth + 1);
      append(item, depth + 1);
      first = false;
    }
    newLine(depth);
    out.append(']');
  }

  private void appendDict(Map<?, ?> dict, int depth) {
    if (dict.isEmpty()) {
      out.append("{}");
      return;
    }
    List<Map.Entry<?, ?>> entries = new ArrayList<>(dict.entrySet());
    if (sorted) {
      entries = Sorting.sorted(entries, entry -> Dicts.value(entry.getKey()), false);
    }
    out.append('{');
    boolean first = true;
    for (Map.Entry<?, ?> entry : entries) {
      separate(first, depth + 1);
      appendString(key(Dicts.value(entry.getKey())));
      out.append(keySeparator);
      append(entry.getValue(), depth + 1);
      first = false;
    }
    newLine(depth);
    out.append('}');
  }

  private static String key(@Nullable Object key) {
    return switch (key) {
      case String text -> text;
      case null -> "null";
      case Boolean bool -> bool ? "true" : "false";
      case Double _, Float _ -> number(Numbers.approximate(key));
      case Number _ -> Repr.of(key);
      default -> throw Types.unexpected("tojson", "keys that are strings or numbers", key);
    };
  }

  private void separate(boolean first, int depth) {
    if (!first) {
      out.append(itemSeparator);
    }
    newLine(depth);
  }

  private void newLine(int depth) {
    if (indent != null) {
      out.append('\n').repeat(indent, depth);
    }
  }

  private void appendString(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7e)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
