package dev.hlotune.trainer.jinja.python;

import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range of integers.
 *
 * @param start the first
 * @param stop the one before which it ends
 * @param step from one to the next, not 0
 */
public record Range(long start, long stop, long step)
    implements PythonObject, Sized, Iterable<@Nullable Object> {
  /** The most items that a range may have in a sandbox. */
  private static final int LONGEST = 100_000;

  private static final long FARTHEST = 1L << 61;

  public Range {
    if (step == 0) {
      throw new DataException("range: expected a step other than 0, got 0");
    }
    long length = length(start, stop, step);
    if (length > LONGEST) {
      throw new DataException("range: expected at most " + LONGEST + " numbers, got " + length);
    }
  }

  private static long length(long start, long stop, long step) {
    long distance = step > 0 ? stop - start : start - stop;
    long size = Math.abs(step);
    return distance <= 0 ? 0 : (distance - 1) / size + 1;
  }

  /** What {@code range(*arguments)} gives. */
  public static Range of(Arguments arguments) {
    @Nullable Object[] given = arguments.positional();
    if (!arguments.keywords().isEmpty() || given.length == 0 || given.length > 3) {
      throw new DataException(
          "range: expected one to three numbers, got " + given.length + " arguments");
    }
    long first = bound(given[0]);
    return switch (given.length) {
      case 1 -> new Range(0, first, 1);
      case 2 -> new Range(first, bound(given[1]), 1);
      default -> new Range(first, bound(given[1]), bound(given[2]));
    };
  }

  private static long bound(@Nullable Object value) {
    long bound = Numbers.index(value, "range");
    if (Math.abs(bound) > FARTHEST) {
      throw new DataException("range: expected numbers below 2^61, got " + bound);
    }
    return bound;
  }

  @Override
  public String typeName() {
    return "range";
  }

  @Override
  public String repr() {
    return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
  }

  @Override
  public boolean truth() {
    return size() > 0;
  }

  @Override
  public boolean equalTo(@Nullable Object other) {
    return other instanceof Range range && list().equals(range.list());
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "start" -> start;
      case "stop" -> stop;
      case "step" -> step;
      case "count", "index" -> ListMethods.bound(this, list(), name);
      default -> Missing.VALUE;
    };
  }

  @Override
  public @Nullable Object item(@Nullable Object key) {
    return Slices.item(list(), key);
  }

  @Override
  public int size() {
    return (int) length(start, stop, step);
  }

  @Override
  public Iterator<@Nullable Object> iterator() {
    return list().iterator();
  }

  /** Its numbers. */
  List<@Nullable Object> list() {
    int size = size();
    List<@Nullable Object> numbers = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      numbers.add(start + i * step);
    }
    return numbers;
  }
}
