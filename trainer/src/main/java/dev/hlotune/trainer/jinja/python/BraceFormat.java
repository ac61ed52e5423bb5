package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code "…".format(…)}, with attributes and items looked up as the sandbox does. */
final class BraceFormat {
  private final Arguments arguments;
  private final boolean escapes;

  /** The number of the next field without one; -1 once fields have numbers. */
  private int automatic;

  private BraceFormat(Arguments arguments, boolean escapes) {
    this.arguments = arguments;
    this.escapes = escapes;
  }

  static String format(String format, Arguments arguments) {
    return new BraceFormat(arguments, false).expand(format, 2);
  }

  /** The same for markup: what is put in is escaped. */
  static Markup format(Markup format, Arguments arguments) {
    return new Markup(new BraceFormat(arguments, true).expand(format.text(), 2));
  }

  static String formatMap(String format, @Nullable Object mapping) {
    if (!(mapping instanceof Map<?, ?> dict)) {
      throw Types.unexpected("format_map", "a dict", mapping);
    }
    Map<String, @Nullable Object> named = new LinkedHashMap<>();
    dict.forEach((key, value) -> {
      if (key instanceof String name) {
        named.put(name, value);
      }
    });
    return format(format, new Arguments(new @Nullable Object[0], named));
  }

  private String expand(String format, int depth) {
    if (depth < 0) {
      throw new DataException("format: expected at most two levels of braces, got more");
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '{' && c != '}') {
        out.append(c);
      } else if (i < format.length() && format.charAt(i) == c) {
        out.append(c);
        i++;
      } else if (c == '}') {
        throw new DataException("format: expected '}}', got '}'");
      } else {
        int end = closing(format, i);
        out.append(field(format.substring(i, end), depth));
        i = end + 1;
      }
      Limits.length(out.length());
    }
    return out.toString();
  }

  private static int closing(String format, int start) {
    int depth = 1;
    boolean inKey = false;
    for (int i = start; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c == '[') {
        inKey = true;
      } else if (c == ']') {
        inKey = false;
      } else if (c == '{' && !inKey) {
        depth++;
      } else if (c == '}' && !inKey && --depth == 0) {
        return i;
      }
    }
    throw new DataException("format: expected '}', got the end of the string");
  }

  private String field(String field, int depth) {
    int nameEnd = nameEnd(field);
    String name = field.substring(0, nameEnd);
    char conversion = 0;
    int at = nameEnd;
    if (at < field.length() && field.charAt(at) == '!') {
      boolean more = at + 2 < field.length() && field.charAt(at + 2) != ':';
      if (at + 1 >= field.length() || more) {
        throw new DataException("format: expected one letter after '!', got " + Repr.of(field));
      }
      conversion = field.charAt(at + 1);
      at += 2;
    }
    String spec = at < field.length() ? field.substring(at + 1) : "";
    Object value = convert(lookUp(name), conversion);
    String text = FormatSpec.format(value, expand(spec, depth - 1));
    return escapes && !(value instanceof Markup) ? Markup.escapeText(text) : text;
  }

  private static int nameEnd(String field) {
    boolean inKey = false;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '[') {
        inKey = true;
      } else if (c == ']') {
        inKey = false;
      } else if (!inKey && (c == '!' || c == ':')) {
        return i;
      } else if (!inKey && c == '{') {
        throw new DataException("format: expected a field name, got '{'");
      }
    }
    return field.length();
  }

  private static @Nullable Object convert(@Nullable Object value, char conversion) {
    return switch (conversion) {
      case 0 -> value;
      case 's' -> Repr.str(value);
      case 'r' -> Repr.of(value);
      case 'a' -> Repr.ascii(value);
      default ->
          throw new DataException("format: expected '!s', '!r' or '!a', got '!" + conversion + "'");
    };
  }

  private @Nullable Object lookUp(String name) {
    int end = 0;
    while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
      end++;
    }
    Object value = first(name.substring(0, end), name.isEmpty());
    int i = end;
    while (i < name.length()) {
      if (name.charAt(i) == '.') {
        int next = i + 1;
        while (next < name.length() && name.charAt(next) != '.' && name.charAt(next) != '[') {
          next++;
        }
        value = Attributes.get(value, require(name.substring(i + 1, next)));
        i = next;
      } else {
        int close = name.indexOf(']', i);
        boolean last = close + 1 == name.length();
        if (close < 0 || (!last && ".[".indexOf(name.charAt(close + 1)) < 0)) {
          throw new DataException("format: expected '.' or '[' after ']', got " + Repr.of(name));
        }
        String key = require(name.substring(i + 1, close));
        value = Attributes.at(value, isNumber(key) ? (Object) Long.valueOf(key) : key);
        i = close + 1;
      }
    }
    return value;
  }

  private static String require(String key) {
    if (key.isEmpty()) {
      throw new DataException("format: expected an attribute name, got none");
    }
    return key;
  }

  private static boolean isNumber(String key) {
    return !key.isEmpty() && key.length() < 18 && key.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private @Nullable Object first(String name, boolean whole) {
    String key = name;
    if (whole) {
      if (automatic < 0) {
        throw mixed();
      }
      key = Integer.toString(automatic++);
    } else if (isNumber(name)) {
      if (automatic > 0) {
        throw mixed();
      }
      automatic = -1;
    }
    if (isNumber(key)) {
      long place = Long.parseLong(key);
      @Nullable Object[] positional = arguments.positional();
      if (place >= positional.length) {
        throw new DataException(
            "format: expected a value number " + place + ", got " + positional.length + " values");
      }
      return positional[(int) place];
    }
    if (!arguments.keywords().containsKey(key)) {
      throw new DataException("format: no value named \"" + key + "\"");
    }
    return arguments.keywords().get(key);
  }

  private static DataException mixed() {
    return new DataException("format: expected all fields with numbers or none, got both");
  }
}
