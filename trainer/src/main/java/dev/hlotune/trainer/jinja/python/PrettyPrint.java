package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code pprint.pformat}: repr, broken into lines of 80 characters. */
public final class PrettyPrint {
  private static final int WIDTH = 80;
  private static final Pattern PARTS = Pattern.compile("\\S*\\s*", Pattern.UNICODE_CHARACTER_CLASS);

  private final StringBuilder out = new StringBuilder();

  private PrettyPrint() {}

  /** What {@code pformat(value)} gives. */
  public static String format(@Nullable Object value) {
    PrettyPrint print = new PrettyPrint();
    print.append(value, 0, 0, 0);
    return print.out.toString();
  }

  private void append(@Nullable Object value, int indent, int allowance, int level) {
    String repr = Repr.of(sorted(value));
    if (Text.length(repr) > WIDTH - indent - allowance) {
      switch (value) {
        case Map<?, ?> dict when !dict.isEmpty() -> {
          appendDict(dict, indent, allowance, level + 1);
          return;
        }
        case List<?> list -> {
          appendItems("[", list, "]", indent, allowance, level + 1);
          return;
        }
        case Tuple(List<@Nullable Object> items) -> {
          String end = items.size() == 1 ? ",)" : ")";
          appendItems("(", items, end, indent, allowance, level + 1);
          return;
        }
        case String text when !text.isEmpty() -> {
          appendText(text, indent, allowance, level + 1);
          return;
        }
        case null, default -> {}
      }
    }
    out.append(repr);
    Limits.length(out.length());
  }

  /** The same with all dicts by key, as they print. */
  private static @Nullable Object sorted(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> dict -> {
        Map<Object, @Nullable Object> byKey = Dicts.empty();
        entries(dict).forEach(entry -> byKey.put(entry.getKey(), sorted(entry.getValue())));
        yield byKey;
      }
      case List<?> list -> new ArrayList<>(list.stream().map(PrettyPrint::sorted).toList());
      case Tuple(List<@Nullable Object> items) ->
          Tuple.of(items.stream().map(PrettyPrint::sorted).toArray());
      case null, default -> value;
    };
  }

  private static List<Map.Entry<?, ?>> entries(Map<?, ?> dict) {
    List<Map.Entry<?, ?>> entries = new ArrayList<>(dict.entrySet());
    return Sorting.sorted(
        entries, entry -> Dicts.value(entry.getKey()), false, PrettyPrint::isBefore);
  }

  /** Keys that cannot be compared go by the names of their types. */
  private static boolean isBefore(@Nullable Object a, @Nullable Object b) {
    try {
      return Ordering.LESS.test(a, b);
    } catch (DataException _) {
      return Types.name(a).compareTo(Types.name(b)) < 0;
    }
  }

  private void appendDict(Map<?, ?> dict, int indent, int allowance, int level) {
    out.append('{');
    List<Map.Entry<?, ?>> entries = entries(dict);
    for (int i = 0; i < entries.size(); i++) {
      boolean last = i == entries.size() - 1;
      String key = Repr.of(Dicts.value(entries.get(i).getKey()));
      out.append(key).append(": ");
      int column = indent + 1 + Text.length(key) + 2;
      append(entries.get(i).getValue(), column, last ? allowance + 1 : 1, level);
      if (!last) {
        newLine(",", indent + 1);
      }
    }
    out.append('}');
  }

  private void appendItems(
      String start, List<?> items, String end, int indent, int allowance, int level) {
    out.append(start);
    for (int i = 0; i < items.size(); i++) {
      boolean last = i == items.size() - 1;
      append(items.get(i), indent + 1, last ? allowance + end.length() : 1, level);
      if (!last) {
        newLine(",", indent + 1);
      }
    }
    out.append(end);
  }

  private void newLine(String before, int indent) {
    out.append(before).append('\n').repeat(' ', indent);
  }

  private void appendText(String text, int outerIndent, int outerAllowance, int level) {
    int indent = level == 1 ? outerIndent + 1 : outerIndent;
    int allowance = level == 1 ? outerAllowance + 1 : outerAllowance;
    List<String> chunks = new ArrayList<>();
    List<String> lines = Text.lines(text, true);
    for (int i = 0; i < lines.size(); i++) {
      boolean last = i == lines.size() - 1;
      String repr = Repr.of(lines.get(i));
      int width = WIDTH - indent;
      if (Text.length(repr) <= (last ? width - allowance : width)) {
        chunks.add(repr);
      } else {
        addParts(chunks, lines.get(i), width, last ? allowance : 0);
      }
    }
    if (chunks.size() == 1) {
      out.append(Repr.of(lines.getLast()));
      return;
    }
    out.append(level == 1 ? "(" : "");
    for (int i = 0; i < chunks.size(); i++) {
      if (i > 0) {
        newLine("", indent);
      }
      out.append(chunks.get(i));
    }
    out.append(level == 1 ? ")" : "");
  }

  private static void addParts(List<String> chunks, String line, int width, int allowance) {
    List<String> parts = new ArrayList<>();
    for (Matcher matcher = PARTS.matcher(line); matcher.find() && !matcher.group().isEmpty(); ) {
      parts.add(matcher.group());
    }
    String current = "";
    for (int i = 0; i < parts.size(); i++) {
      int most = i == parts.size() - 1 ? width - allowance : width;
      String candidate = current + parts.get(i);
      if (Text.length(Repr.of(candidate)) > most) {
        if (!current.isEmpty()) {
          chunks.add(Repr.of(current));
        }
        current = parts.get(i);
      } else {
        current = candidate;
      }
    }
    if (!current.isEmpty()) {
      chunks.add(Repr.of(current));
    }
  }
}
