package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Attributes;
import dev.hlotune.trainer.jinja.python.NumberText;
import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.jinja.python.TextCase;
import dev.hlotune.trainer.jinja.python.Undefined;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The argument {@code attribute} of filters: a path such as {@code "address.city"}. */
final class Lookup {
  private final List<@Nullable Object> path;

  private Lookup(List<@Nullable Object> path) {
    this.path = path;
  }

  /** The path; none leads to the value itself. */
  static Lookup of(@Nullable Object attribute) {
    String text = Text.ofString(attribute);
    if (text == null) {
      return new Lookup(attribute == null ? List.of() : Arrays.asList(attribute));
    }
    List<@Nullable Object> path = new ArrayList<>();
    for (String part : text.split("\\.", -1)) {
      Number index = part.matches("[0-9]+") ? NumberText.integer(part, 10) : null;
      path.add(index == null ? part : index);
    }
    return new Lookup(path);
  }

  /** Several paths, with commas. */
  static List<Lookup> several(@Nullable Object attribute) {
    String text = Text.ofString(attribute);
    return text == null
        ? List.of(of(attribute))
        : Arrays.stream(text.split(",", -1)).map(Lookup::of).toList();
  }

  @Nullable Object get(@Nullable Object value) {
    return get(value, null);
  }

  /** What the path leads to; the default stands for what is not there. */
  @Nullable Object get(@Nullable Object value, @Nullable Object byDefault) {
    Object found = value;
    for (Object part : path) {
      found = Attributes.at(found, part);
      if (byDefault != null && found instanceof Undefined) {
        found = byDefault;
      }
    }
    return found;
  }

  /** How filters compare: without case, unless they are told otherwise. */
  static UnaryOperator<@Nullable Object> caseRule(boolean caseSensitive) {
    return caseSensitive ? value -> value : Lookup::withoutCase;
  }

  private static @Nullable Object withoutCase(@Nullable Object value) {
    String text = Text.ofString(value);
    return text == null ? value : TextCase.lower(text);
  }
}
