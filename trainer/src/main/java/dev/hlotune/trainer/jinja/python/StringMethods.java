package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The methods of str. */
public final class StringMethods {
  private static final Set<String> LEFT_OUT =
      Set.of("casefold", "encode", "maketrans", "translate");

  private static final Parameters NONE = Parameters.unnamed();
  private static final Parameters CHARACTERS = NONE.with("chars", null);
  private static final Parameters WIDTH = Parameters.unnamed("width").with("fillchar", " ");

  private static final Map<String, Method> METHODS = new LinkedHashMap<>();

  static {
    Stream.of(
            Searching.METHODS,
            Splitting.METHODS,
            List.of(
                simple("capitalize", TextCase::capitalize),
                simple("lower", TextCase::lower),
                simple("swapcase", TextCase::swap),
                simple("title", TextCase::title),
                simple("upper", TextCase::upper),
                all("isalnum", Characters::isAlphanumeric),
                all("isalpha", Character::isLetter),
                all("isdecimal", Characters::isDecimal),
                all("isdigit", Characters::isDigit),
                all("isnumeric", Characters::isNumeric),
                all("isspace", Characters::isSpace),
                simple("isascii", text -> text.codePoints().allMatch(c -> c < 0x80)),
                simple("isprintable", text -> text.codePoints().allMatch(Characters::isPrintable)),
                simple("isidentifier", StringMethods::isIdentifier),
                simple("islower", StringMethods::isLower),
                simple("isupper", StringMethods::isUpper),
                simple("istitle", StringMethods::isTitle),
                strip("strip", true, true),
                strip("lstrip", true, false),
                strip("rstrip", false, true),
                Method.of("center", WIDTH, (text, a) -> Padding.center(text, a[0], a[1])),
                Method.of("ljust", WIDTH, (text, a) -> Padding.left(text, a[0], a[1])),
                Method.of("rjust", WIDTH, (text, a) -> Padding.right(text, a[0], a[1])),
                Method.of(
                    "zfill", Parameters.unnamed("width"), (text, a) -> Padding.zeros(text, a[0])),
                Method.of(
                    "expandtabs",
                    Parameters.of().with("tabsize", 8L),
                    (text, a) -> Padding.tabs(text, a[0])),
                new Method("format", BraceFormat::format),
                Method.of(
                    "format_map",
                    Parameters.unnamed("mapping"),
                    (text, a) -> BraceFormat.formatMap(text, a[0]))))
        .flatMap(List::stream)
        .forEach(method -> METHODS.put(method.name(), method));
  }

  private StringMethods() {}

  /** The method of that name, or null. */
  public static @Nullable Method known(String name) {
    return METHODS.get(name);
  }

  /** The method of that name, or null; an error for one that is left out. */
  static @Nullable Method find(String name) {
    if (LEFT_OUT.contains(name)) {
      throw new DataException("str: \"" + name + "\" is not covered");
    }
    return METHODS.get(name);
  }

  private static Method simple(String name, Function<String, Object> body) {
    return Method.of(name, NONE, (text, _) -> body.apply(text));
  }

  private static Method all(String name, IntPredicate test) {
    return simple(name, text -> !text.isEmpty() && text.codePoints().allMatch(test));
  }

  private static Method strip(String name, boolean left, boolean right) {
    return Method.of(
        name,
        CHARACTERS,
        (text, a) -> Text.strip(text, a[0] == null ? null : Text.require(name, a[0]), left, right));
  }

  private static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && Characters.startsIdentifier(text.codePointAt(0))
        && text.codePoints().allMatch(Characters::continuesIdentifier);
  }

  /** Whether it has letters with case and all are small. */
  public static boolean isLower(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase)
        && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
  }

  /** Whether it has letters with case and all are capitals. */
  public static boolean isUpper(String text) {
    return text.codePoints().anyMatch(Character::isUpperCase)
        && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
  }

  private static boolean isTitle(String text) {
    boolean inWord = false;
    boolean found = false;
    for (int c : text.codePoints().toArray()) {
      boolean capital = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (capital ? inWord : Character.isLowerCase(c) && !inWord) {
        return false;
      }
      inWord = Characters.isCased(c);
      found |= inWord;
    }
    return found;
  }
}
