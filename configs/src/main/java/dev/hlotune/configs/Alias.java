package dev.hlotune.configs;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A spelling of an older release or of another system, and what it says here.
 *
 * @param name the spelling, with underscores, in lower case
 * @param flag whether, as an option, it can stand without a value
 * @param where beside which other settings this holds, where it does not hold everywhere; elsewhere
 *     the name means something else
 * @param meaning what it says
 */
record Alias(String name, boolean flag, Optional<Predicate<Siblings>> where, Meaning meaning) {

  /** The same under another name. */
  static Alias of(String name, String key) {
    return valued(name, false, key, UnaryOperator.identity(), "");
  }

  /**
   * One key, by a value of its own.
   *
   * @param value turns a text into one of the key
   * @param how what becomes of the value, in words
   */
  static Alias valued(
      String name, boolean flag, String key, UnaryOperator<String> value, String how) {
    return new Alias(
        name,
        flag,
        Optional.empty(),
        new Meaning.Sets(
            List.of(key), (text, _) -> List.of(Assignment.of(key, value.apply(text))), how));
  }

  /**
   * True or false, each of which says something of a key, or nothing.
   *
   * @param yes what true is; empty says nothing
   * @param no what false is, unless the key is set otherwise; empty says nothing
   */
  static Alias yesNo(String name, String key, String yes, String no) {
    String how =
        no.isEmpty() ? "true is '" + yes + "'" : yes.isEmpty() ? "false is '" + no + "'" : "";
    return new Alias(
        name,
        true,
        Optional.empty(),
        new Meaning.Sets(
            List.of(key),
            (text, _) -> {
              boolean said = new Flag().parse(text);
              String value = said ? yes : no;
              return value.isEmpty()
                  ? List.of()
                  : List.of(said ? Assignment.of(key, value) : Assignment.mild(key, value));
            },
            how.isEmpty() ? "true is '" + yes + "', false is '" + no + "'" : how));
  }

  /** Keys by a reading of its own. */
  static Alias reading(String name, List<String> keys, Meaning.Reading reading, String how) {
    return new Alias(name, false, Optional.empty(), new Meaning.Sets(keys, reading, how));
  }

  /** What makes no difference. */
  static Alias nothing(String name, String reason) {
    return new Alias(name, true, Optional.empty(), new Meaning.Nothing(reason));
  }

  /** What is as it is: one of some values, in lower case, or none. */
  static Alias only(String name, String reason, String... values) {
    List<String> all = List.of(values);
    String expected = values.length == 0 ? "" : "'" + String.join("' or '", values) + "'";
    return only(name, reason, expected, text -> all.contains(text) || all.contains(whole(text)));
  }

  /** The same by a rule. */
  static Alias only(String name, String reason, String expected, Predicate<String> fits) {
    return new Alias(name, true, Optional.empty(), new Meaning.Only(expected, fits, reason));
  }

  /** A whole number however it is written, such as 0.0. */
  private static String whole(String text) {
    try {
      double value = RealNumber.decimal(text);
      return value == Math.rint(value) ? Long.toString((long) value) : text;
    } catch (NumberFormatException e) {
      return text;
    }
  }

  /** A file of keys. */
  static Alias file(String name, String what) {
    return new Alias(name, false, Optional.empty(), new Meaning.File(what));
  }

  /** The same, beside certain settings alone. */
  Alias where(Predicate<Siblings> condition) {
    return new Alias(name, flag, Optional.of(condition), meaning);
  }

  /** Whether it holds beside other settings. */
  boolean holds(Siblings siblings) {
    return where.isEmpty() || where.get().test(siblings);
  }

  /** Whether it holds wherever it stands. */
  boolean everywhere() {
    return where.isEmpty();
  }

  /** The same, which as an option can stand without a value. */
  Alias standingAlone() {
    return new Alias(name, true, where, meaning);
  }

  /** The key that it is another spelling of, if it is one. */
  Optional<String> key() {
    return meaning instanceof Meaning.Sets sets
        ? Optional.of(sets.keys().getFirst())
        : Optional.empty();
  }

  /** What becomes of its value, in words; empty where it stays as it is. */
  String how() {
    return meaning instanceof Meaning.Sets sets ? sets.how() : "";
  }

  /**
   * What it says where nothing stands beside it.
   *
   * @throws IllegalArgumentException where it cannot be read
   */
  List<Assignment> read(String text) {
    return meaning instanceof Meaning.Sets sets
        ? sets.reading().apply(text, Siblings.NONE)
        : List.of();
  }
}
