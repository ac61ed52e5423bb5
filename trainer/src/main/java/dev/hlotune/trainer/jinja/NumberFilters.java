package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arithmetic;
import dev.hlotune.trainer.jinja.python.Conversions;
import dev.hlotune.trainer.jinja.python.NumberText;
import dev.hlotune.trainer.jinja.python.Numbers;
import dev.hlotune.trainer.jinja.python.Ordering;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.jinja.python.Truth;
import dev.hlotune.trainer.jinja.python.Types;
import dev.hlotune.trainer.jinja.python.Undefined;
import dev.hlotune.trainer.source.DataException;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters that give numbers, or text of them. */
final class NumberFilters {
  static final List<Filter> ALL =
      List.of(
          Filter.of("abs", Parameters.unnamed("x"), a -> absolute(a[0])),
          Filter.of(
              "int",
              Parameters.of("value").with("default", 0L).with("base", 10L),
              a -> integer(a[0], a[1], a[2])),
          Filter.of(
              "float",
              Parameters.of("value").with("default", 0.0),
              a -> {
                Double value = floating(a[0]);
                return value == null ? a[1] : value;
              }),
          Filter.of(
              "round",
              Parameters.of("value").with("precision", 0L).with("method", "common"),
              a -> round(a[0], a[1], a[2])),
          Filter.of(
              "filesizeformat",
              Parameters.of("value").with("binary", false),
              a -> fileSize(a[0], Truth.of(a[1]))));

  private NumberFilters() {}

  private static Object absolute(@Nullable Object value) {
    if (!Numbers.isNumber(value)) {
      throw Types.unexpected("abs", "a number", value);
    }
    if (Numbers.isFloat(value)) {
      return Math.abs(Numbers.toFloat(value));
    }
    return Ordering.LESS.test(value, 0L) ? Arithmetic.negate(value) : Arithmetic.positive(value);
  }

  private static @Nullable Object integer(
      @Nullable Object value, @Nullable Object byDefault, @Nullable Object base) {
    String text = Text.ofString(value);
    if (text != null) {
      Number read =
          NumberText.integer(text, Numbers.isIntegral(base) ? Numbers.count(base, "int") : 1);
      if (read != null) {
        return read;
      }
    } else if (Numbers.isIntegral(value)) {
      return Arithmetic.positive(value);
    } else if (Numbers.isFloat(value) && Double.isInfinite(Numbers.toFloat(value))) {
      return Conversions.truncate(Numbers.toFloat(value)); // which is an error
    }
    Double read = floating(value);
    return read == null || !Double.isFinite(read)
        ? byDefault
        : Numbers.canonical(Conversions.truncate(read));
  }

  /** What {@code float(x)} gives, or null where it is not a number. */
  private static @Nullable Double floating(@Nullable Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.failure();
    }
    String text = Text.ofString(value);
    if (text != null) {
      return NumberText.floating(text);
    }
    return Numbers.isNumber(value) ? Double.valueOf(Numbers.toFloat(value)) : null;
  }

  private static Object round(
      @Nullable Object value, @Nullable Object precision, @Nullable Object method) {
    String name = Text.ofString(method);
    if (name == null || !List.of("common", "ceil", "floor").contains(name)) {
      throw new DataException("round: expected 'common', 'ceil' or 'floor' as the method");
    }
    if (name.equals("common")) {
      return Conversions.round(value, precision);
    }
    Object factor = Arithmetic.power(10L, precision);
    Object scaled = Arithmetic.multiply(value, factor);
    if (!Numbers.isNumber(scaled)) {
      throw Types.unexpected("round", "a number", value);
    }
    RoundingMode mode = name.equals("ceil") ? RoundingMode.CEILING : RoundingMode.FLOOR;
    return Arithmetic.divide(Conversions.toWhole(scaled, mode), factor);
  }

  private static String fileSize(@Nullable Object value, boolean binary) {
    Double bytes = floating(value);
    if (bytes == null) {
      throw Types.unexpected("filesizeformat", "a number", value);
    }
    double base = binary ? 1024 : 1000;
    if (bytes == 1) {
      return "1 Byte";
    }
    if (bytes < base) {
      return Conversions.truncate(bytes) + " Bytes";
    }
    String letters = binary ? "KMGTPEZY" : "kMGTPEZY";
    int i = 0;
    double unit = base * base;
    while (i < letters.length() - 1 && bytes >= unit) {
      unit *= base;
      i++;
    }
    Object number = Arithmetic.modulo("%.1f", base * bytes / unit);
    return number + " " + letters.charAt(i) + (binary ? "iB" : "B");
  }
}
