package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code datetime.now().strftime(format)}, in English and without a time zone. */
public final class Strftime {
  private Strftime() {}

  /** The time in that format. */
  public static String format(ZonedDateTime now, String format) {
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%') {
        out.append(c);
        continue;
      }
      StringBuilder flags = new StringBuilder();
      while (i < format.length() && "-_0^#".indexOf(format.charAt(i)) >= 0) {
        flags.append(format.charAt(i++));
      }
      if (i == format.length()) {
        out.append('%').append(flags);
        break;
      }
      out.append(directive(now, format.charAt(i++), flags.toString()));
    }
    return out.toString();
  }

  private static String directive(ZonedDateTime now, char letter, String flags) {
    String text = text(now, letter);
    if (text != null) {
      boolean upper = flags.contains("^") || (flags.contains("#") && letter != 'p');
      return upper ? TextCase.upper(text) : flags.contains("#") ? TextCase.lower(text) : text;
    }
    return switch (letter) {
      case 'd' -> number(now.getDayOfMonth(), 2, '0', flags);
      case 'e' -> number(now.getDayOfMonth(), 2, ' ', flags);
      case 'm' -> number(now.getMonthValue(), 2, '0', flags);
      case 'y' -> number(now.getYear() % 100, 2, '0', flags);
      case 'C' -> number(now.getYear() / 100, 2, '0', flags);
      case 'Y' -> Integer.toString(now.getYear());
      case 'G' -> Integer.toString(now.get(IsoFields.WEEK_BASED_YEAR));
      case 'g' -> number(now.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flags);
      case 'V' -> number(now.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flags);
      case 'U' -> number((now.getDayOfYear() + 6 - weekday(now)) / 7, 2, '0', flags);
      case 'W' -> number((now.getDayOfYear() + 6 - (weekday(now) + 6) % 7) / 7, 2, '0', flags);
      case 'H' -> number(now.getHour(), 2, '0', flags);
      case 'k' -> number(now.getHour(), 2, ' ', flags);
      case 'I' -> number(hour12(now), 2, '0', flags);
      case 'l' -> number(hour12(now), 2, ' ', flags);
      case 'M' -> number(now.getMinute(), 2, '0', flags);
      case 'S' -> number(now.getSecond(), 2, '0', flags);
      case 'j' -> number(now.getDayOfYear(), 3, '0', flags);
      case 'f' -> "%06d".formatted(now.getNano() / 1000);
      case 'w' -> Integer.toString(weekday(now));
      case 'u' -> Integer.toString(now.getDayOfWeek().getValue());
      default -> composed(now, letter);
    };
  }

  private static String composed(ZonedDateTime now, char letter) {
    return switch (letter) {
      case 'c' -> format(now, "%a %b %e %H:%M:%S %Y");
      case 'x', 'D' -> format(now, "%m/%d/%y");
      case 'X', 'T' -> format(now, "%H:%M:%S");
      case 'F' -> format(now, "%Y-%m-%d");
      case 'R' -> format(now, "%H:%M");
      case 'r' -> format(now, "%I:%M:%S %p");
      case 's' -> Long.toString(ChronoUnit.SECONDS.between(Instant.EPOCH, now));
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'z', 'Z' -> "";
      case '%' -> "%";
      default ->
          throw new DataException(
              "strftime_now: expected a known directive, got \"%" + letter + "\"");
    };
  }

  private static @Nullable String text(ZonedDateTime now, char letter) {
    DayOfWeek day = now.getDayOfWeek();
    return switch (letter) {
      case 'a' -> day.getDisplayName(TextStyle.SHORT, Locale.ROOT);
      case 'A' -> day.getDisplayName(TextStyle.FULL, Locale.US);
      case 'b', 'h' -> now.getMonth().getDisplayName(TextStyle.SHORT, Locale.US);
      case 'B' -> now.getMonth().getDisplayName(TextStyle.FULL, Locale.US);
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'P' -> now.getHour() < 12 ? "am" : "pm";
      default -> null;
    };
  }

  private static int weekday(ZonedDateTime now) {
    return now.getDayOfWeek().getValue() % 7;
  }

  private static int hour12(ZonedDateTime now) {
    int hour = now.getHour() % 12;
    return hour == 0 ? 12 : hour;
  }

  private static String number(int value, int width, char pad, String flags) {
    char padding = flags.contains("_") ? ' ' : flags.contains("0") ? '0' : pad;
    String digits = Integer.toString(value);
    boolean bare = flags.contains("-");
    return bare
        ? digits
        : String.valueOf(padding).repeat(Math.max(0, width - digits.length())) + digits;
  }
}
