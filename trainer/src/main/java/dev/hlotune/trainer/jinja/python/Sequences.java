package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code +} and {@code *} on strings, lists and tuples. */
final class Sequences {
  private Sequences() {}

  static String concatenate(String a, String b) {
    Limits.length((long) a.length() + b.length());
    return a.concat(b);
  }

  static Object add(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Markup || b instanceof Markup) {
      if (Text.ofString(a) != null && Text.ofString(b) != null) {
        return new Markup(concatenate(Markup.escape(a).text(), Markup.escape(b).text()));
      }
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      return chain(x, y);
    }
    if (a instanceof Tuple(List<@Nullable Object> x)
        && b instanceof Tuple(List<@Nullable Object> y)) {
      return new Tuple(chain(x, y));
    }
    throw unexpected("+", "two numbers, strings, lists or tuples", a, b);
  }

  private static List<@Nullable Object> chain(List<?> a, List<?> b) {
    List<@Nullable Object> sum = new ArrayList<>(Limits.items((long) a.size() + b.size()));
    sum.addAll(a);
    sum.addAll(b);
    return sum;
  }

  static Object multiply(@Nullable Object a, @Nullable Object b) {
    if (Numbers.isIntegral(a) && isSequence(b)) {
      return repeat(b, Numbers.count(a, "*"));
    }
    if (Numbers.isIntegral(b) && isSequence(a)) {
      return repeat(a, Numbers.count(b, "*"));
    }
    throw unexpected("*", "two numbers, or a sequence and an integer", a, b);
  }

  private static boolean isSequence(@Nullable Object value) {
    return value instanceof String
        || value instanceof Markup
        || value instanceof List
        || value instanceof Tuple;
  }

  private static Object repeat(@Nullable Object sequence, int times) {
    return switch (sequence) {
      case String text -> repeat(text, times);
      case Markup(String text) -> new Markup(repeat(text, times));
      case Tuple(List<@Nullable Object> items) -> new Tuple(repeat(items, times));
      case List<?> items -> repeat(items, times);
      case null, default -> throw Types.unexpected("*", "a sequence", sequence);
    };
  }

  static String repeat(String text, int times) {
    int count = Math.max(times, 0);
    Limits.length((long) text.length() * count);
    return text.repeat(count);
  }

  private static List<@Nullable Object> repeat(List<?> items, int times) {
    int count = Math.max(times, 0);
    List<@Nullable Object> product = new ArrayList<>(Limits.items((long) items.size() * count));
    for (int i = 0; i < count && !items.isEmpty(); i++) {
      product.addAll(items);
    }
    return product;
  }

  /** The error that operands of other types are. */
  static DataException unexpected(
      String operator, String expected, @Nullable Object a, @Nullable Object b) {
    if (a instanceof Undefined undefined) {
      return undefined.failure();
    }
    if (b instanceof Undefined undefined) {
      return undefined.failure();
    }
    return new DataException(
        operator
            + ": expected "
            + expected
            + ", got '"
            + Types.name(a)
            + "' and '"
            + Types.name(b)
            + "'");
  }
}
