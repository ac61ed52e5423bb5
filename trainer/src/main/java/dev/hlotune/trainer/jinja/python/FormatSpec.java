package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code format(value, spec)}: the little language after the colon in {@code "{:>8.3f}"}. */
final class FormatSpec {
  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(?<fill>.)?(?<align>[<>=^]))?(?<sign>[-+ ])?(?<z>z)?(?<alt>#)?(?<zero>0)?"
              + "(?<width>\\d+)?(?<group>[,_])?(?:\\.(?<precision>\\d+))?(?<type>.)?",
          Pattern.DOTALL);

  private final String spec;
  private final String fill;
  private final char align;
  private final char sign;
  private final boolean noNegativeZero;
  private final boolean alternate;
  private final boolean zero;
  private final int width;
  private final char group;
  private final int precision;
  private final char type;

  private FormatSpec(String spec) {
    Matcher parts = SPEC.matcher(spec);
    if (!parts.matches()) {
      throw new DataException("format: expected a format such as \">8.3f\", got " + Repr.of(spec));
    }
    this.spec = spec;
    this.zero = parts.group("zero") != null;
    this.fill = parts.group("fill") != null ? parts.group("fill") : zero ? "0" : " ";
    this.align = letter(parts.group("align"));
    this.sign = letter(parts.group("sign"));
    this.noNegativeZero = parts.group("z") != null;
    this.alternate = parts.group("alt") != null;
    this.width = number(parts.group("width"));
    this.group = letter(parts.group("group"));
    this.precision = number(parts.group("precision"));
    this.type = letter(parts.group("type"));
  }

  private static char letter(@Nullable String text) {
    return text == null ? 0 : text.charAt(0);
  }

  private static int number(@Nullable String text) {
    if (text == null) {
      return -1;
    }
    return Limits.length(text.length() > 9 ? Long.MAX_VALUE : Long.parseLong(text));
  }

  static String format(@Nullable Object value, String spec) {
    if (spec.isEmpty()) {
      return Repr.str(value);
    }
    String text = Text.ofString(value);
    if (value instanceof Markup) {
      throw new DataException("format: a format for markup is not covered");
    }
    if (text != null) {
      return new FormatSpec(spec).text(text);
    }
    if (!Numbers.isNumber(value)) {
      throw Types.unexpected("format " + Repr.of(spec), "a string or number", value);
    }
    return new FormatSpec(spec).number(value);
  }

  private DataException wrong(String kind) {
    return new DataException("format: expected a format for a " + kind + ", got " + Repr.of(spec));
  }

  private String text(String value) {
    boolean plain = sign == 0 && !noNegativeZero && !alternate && group == 0;
    if (!plain || (type != 0 && type != 's') || align == '=') {
      throw wrong("string");
    }
    int length = Text.length(value);
    String text = precision >= 0 && precision < length ? Text.slice(value, 0, precision) : value;
    return pad("", text, align == 0 ? '<' : align);
  }

  private String number(@Nullable Object value) {
    boolean integral = Numbers.isIntegral(value);
    return switch (type) {
      case 'b', 'c', 'd', 'o', 'x', 'X' -> {
        if (!integral) {
          throw wrong("float");
        }
        yield integer(Numbers.big(value));
      }
      case 'e', 'E', 'f', 'F', 'g', 'G', '%' -> floating(Numbers.toFloat(value));
      case 'n' -> {
        if (group != 0) {
          throw wrong("number");
        }
        yield integral ? integer(Numbers.big(value)) : floating(Numbers.toFloat(value));
      }
      case 0 -> {
        if (value instanceof Boolean && spec.isEmpty()) {
          yield Repr.of(value);
        }
        yield integral ? integer(Numbers.big(value)) : floating(Numbers.toFloat(value));
      }
      default -> throw wrong(integral ? "int" : "float");
    };
  }

  private String integer(BigInteger value) {
    boolean decimal = type == 0 || type == 'd' || type == 'n';
    if (precision >= 0 || noNegativeZero || (group == ',' && !decimal)) {
      throw wrong("int");
    }
    if (type == 'c') {
      if (sign != 0
          || alternate
          || group != 0
          || value.bitLength() > 21
          || !Character.isValidCodePoint(value.intValue())) {
        throw wrong("character");
      }
      return pad("", Character.toString(value.intValue()), align == 0 ? '<' : align);
    }
    String prefix = alternate ? NumberFormat.prefix(type) : "";
    String lead = NumberFormat.sign(value.signum() < 0, sign) + prefix;
    String digits = NumberFormat.digits(value.abs(), type);
    return number(lead, digits, "", group == '_' && !decimal ? 4 : 3);
  }

  private String floating(double value) {
    double magnitude = Math.abs(value);
    String text = digits(magnitude);
    boolean negative = NumberFormat.isNegative(value);
    if (noNegativeZero && text.chars().noneMatch(c -> c >= '1' && c <= '9')) {
      negative = negative && !Double.isFinite(value);
    }
    int whole = 0;
    while (whole < text.length() && Character.isDigit(text.charAt(whole))) {
      whole++;
    }
    String lead = NumberFormat.sign(negative, sign);
    return number(lead, text.substring(0, whole), text.substring(whole), 3);
  }

  private String digits(double magnitude) {
    int digits = precision < 0 ? 6 : precision;
    return switch (type) {
      case '%' -> NumberFormat.digits(magnitude * 100, 'f', digits, alternate) + "%";
      case 'n' -> NumberFormat.digits(magnitude, 'g', digits, alternate);
      case 0 -> {
        if (precision < 0 || !Double.isFinite(magnitude)) {
          yield FloatText.repr(magnitude);
        }
        yield FloatText.general(
            magnitude, NumberFormat.precision(Math.max(1, precision)), alternate, true);
      }
      default -> NumberFormat.digits(magnitude, type, digits, alternate);
    };
  }

  private String number(String lead, String digits, String rest, int groupSize) {
    char side = align != 0 ? align : zero ? '=' : '>';
    boolean fillsWithZeros = side == '=' && fill.equals("0");
    int room = fillsWithZeros ? width - Text.length(lead) - rest.length() : 0;
    String grouped =
        digits.isEmpty() ? "" : NumberFormat.grouped(digits, group, groupSize, Math.max(room, 0));
    return pad(lead, grouped + rest, side);
  }

  private String pad(String lead, String text, char side) {
    int missing = Math.max(0, width - Text.length(lead) - Text.length(text));
    String all = lead + text;
    return switch (side) {
      case '<' -> all + Sequences.repeat(fill, missing);
      case '^' ->
          Sequences.repeat(fill, missing / 2) + all + Sequences.repeat(fill, missing - missing / 2);
      case '=' -> lead + Sequences.repeat(fill, missing) + text;
      default -> Sequences.repeat(fill, missing) + all;
    };
  }
}
