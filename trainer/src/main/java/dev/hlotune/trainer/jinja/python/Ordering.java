package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The four comparisons by size. */
public enum Ordering {
  /** Less. */
  LESS("<"),
  /** Less or equal. */
  AT_MOST("<="),
  /** Greater. */
  GREATER(">"),
  /** Greater or equal. */
  AT_LEAST(">=");

  private final String symbol;

  Ordering(String symbol) {
    this.symbol = symbol;
  }

  /** What {@code a < b}, or another of the four, gives. */
  public boolean test(@Nullable Object a, @Nullable Object b) {
    if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
      return !Numbers.isNan(a) && !Numbers.isNan(b) && accepts(Numbers.compare(a, b));
    }
    String text = Text.ofString(a);
    String otherText = Text.ofString(b);
    if (text != null && otherText != null) {
      return accepts(Text.compare(text, otherText));
    }
    if (a instanceof List<?> list && b instanceof List<?> other) {
      return items(list, other);
    }
    if (a instanceof Tuple tuple && b instanceof Tuple other) {
      return items(tuple.items(), other.items());
    }
    for (Object side : new @Nullable Object[] {a, b}) {
      if (side instanceof Undefined undefined) {
        throw undefined.failure();
      }
    }
    throw new DataException(
        symbol
            + ": expected two numbers, strings, lists or tuples, got '"
            + Types.name(a)
            + "' and '"
            + Types.name(b)
            + "'");
  }

  private boolean items(List<?> a, List<?> b) {
    int common = Math.min(a.size(), b.size());
    for (int i = 0; i < common; i++) {
      if (!Equality.same(a.get(i), b.get(i))) {
        return test(a.get(i), b.get(i));
      }
    }
    return accepts(Integer.compare(a.size(), b.size()));
  }

  private boolean accepts(int order) {
    return switch (this) {
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case GREATER -> order > 0;
      case AT_LEAST -> order >= 0;
    };
  }
}
