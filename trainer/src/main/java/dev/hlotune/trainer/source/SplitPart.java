package dev.hlotune.trainer.source;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One part of a split as {@code datasets} writes it: a name, and which of its records. {@code
 * train[:10%]+validation[-100:]} has two parts.
 *
 * @param split the name, such as {@code train}
 * @param from the first record, negative from the end; null for the start
 * @param to behind the last record, negative from the end; null for the end
 * @param unit what the bounds count
 */
public record SplitPart(String split, @Nullable Long from, @Nullable Long to, Unit unit) {
  /** What the bounds of a part count, and how a part of a record is rounded. */
  public enum Unit {
    /** Records. */
    RECORDS,
    /** Percent, to the closest record, halves to the even one. */
    PERCENT,
    /** Percent, where every percent has equally many records and the remainder is left out. */
    WHOLE_PERCENT
  }

  private static final Pattern FORM =
      Pattern.compile(
          "(?<split>\\w+(?:[.]\\w+)*)"
              + "(?<slice>\\[(?:(?<from>-?[\\d_]+)(?<fromPercent>%)?)?"
              + ":(?:(?<to>-?[\\d_]+)(?<toPercent>%)?)?\\])?"
              + "(?:\\((?<rounding>[^)]*)\\))?");

  private static final String EXAMPLES =
      "\"train\", \"train[:10%]\", \"train[100:200]\", \"train[-500:]\" or"
          + " \"train+validation[:50%]\"";

  /** Checks the bounds. */
  public SplitPart {
    if (unit != Unit.RECORDS && (beyond(from) || beyond(to))) {
      throw new DataException(
          "split \""
              + split
              + "\": expected percents from -100 to 100, got "
              + from
              + " and "
              + to);
    }
  }

  private static boolean beyond(@Nullable Long percent) {
    return percent != null && Math.abs(percent) > 100;
  }

  /**
   * Reads an expression.
   *
   * @throws DataException if it has another form
   */
  public static List<SplitPart> parse(String expression) {
    List<SplitPart> parts = new ArrayList<>();
    for (String part : expression.strip().split("\\s*\\+\\s*", -1)) {
      parts.add(part(part, expression));
    }
    return List.copyOf(parts);
  }

  private static SplitPart part(String part, String expression) {
    Matcher matcher = FORM.matcher(part);
    if (!matcher.matches()) {
      throw new DataException(
          "split: expected the form " + EXAMPLES + ", got \"" + expression + '"');
    }
    Long from = bound(matcher.group("from"), expression);
    Long to = bound(matcher.group("to"), expression);
    boolean fromPercent = matcher.group("fromPercent") != null;
    boolean toPercent = matcher.group("toPercent") != null;
    if (from != null && to != null && fromPercent != toPercent) {
      throw new DataException(
          "split: expected both bounds in percent or neither, got \"" + expression + '"');
    }
    String rounding = matcher.group("rounding");
    if (!fromPercent && !toPercent) {
      if (rounding != null) {
        throw new DataException(
            "split: expected a rounding only where bounds are in percent, got \""
                + expression
                + '"');
      }
      return new SplitPart(matcher.group("split"), from, to, Unit.RECORDS);
    }
    Unit unit =
        switch (rounding) {
          case null -> Unit.PERCENT;
          case "closest" -> Unit.PERCENT;
          case "pct1_dropremainder" -> Unit.WHOLE_PERCENT;
          default ->
              throw new DataException(
                  "split: expected the rounding \"closest\" or \"pct1_dropremainder\", got \""
                      + expression
                      + '"');
        };
    return new SplitPart(matcher.group("split"), from, to, unit);
  }

  private static @Nullable Long bound(@Nullable String digits, String expression) {
    if (digits == null) {
      return null;
    }
    try {
      return Long.valueOf(digits.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new DataException("split: expected bounds that are numbers, got \"" + expression + '"');
    }
  }

  /** Whether it takes the split whole. */
  public boolean isWhole() {
    return from == null && to == null;
  }

  /**
   * The records that it takes, clipped to those that there are.
   *
   * @param count how many records the split has
   * @throws DataException if it takes none
   */
  public Slice resolve(long count) {
    long start = from == null ? 0 : at(from, count);
    long end = to == null ? count : at(to, count);
    if (start >= end) {
      throw new DataException(
          "split \"" + this + "\": expected at least one record, got none of " + count);
    }
    return new Slice(start, end);
  }

  private long at(long bound, long count) {
    long records =
        switch (unit) {
          case RECORDS -> bound;
          case PERCENT -> (long) Math.rint(bound * (double) count / 100.0);
          case WHOLE_PERCENT -> bound * (count / 100);
        };
    return Math.min(records < 0 ? Math.max(count + records, 0) : records, count);
  }

  /** The part as it is written. */
  @Override
  public String toString() {
    if (isWhole()) {
      return split;
    }
    String sign = unit == Unit.RECORDS ? "" : "%";
    return split
        + "["
        + (from == null ? "" : from + sign)
        + ":"
        + (to == null ? "" : to + sign)
        + "]"
        + (unit == Unit.WHOLE_PERCENT ? "(pct1_dropremainder)" : "");
  }
}
