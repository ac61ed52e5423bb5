package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Builtin;
import dev.hlotune.trainer.jinja.python.Callable;
import dev.hlotune.trainer.jinja.python.Equality;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.Sized;
import dev.hlotune.trainer.jinja.python.Tuple;
import dev.hlotune.trainer.jinja.python.Undefined;
import dev.hlotune.trainer.source.DataException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}, which also goes through the items. */
final class Loop implements Callable, Sized {
  /** Does the loop again for other items. */
  interface Again {
    String run(@Nullable Object items, int depth);
  }

  private final @Nullable Object iterable;
  private final @Nullable Again again;
  private final int depth;
  private Iterator<@Nullable Object> items;
  private int index = -1;
  private int length = -1;
  private @Nullable Object after = Missing.VALUE;
  private @Nullable Object current = Missing.VALUE;
  private @Nullable Object before = Missing.VALUE;
  private @Nullable Tuple lastChanged;

  /**
   * A loop before its first item.
   *
   * @param iterable what it goes through; its length is asked for where it has one
   * @param again how a recursive loop is done again
   * @param depth how many recursive loops it lies in
   */
  Loop(@Nullable Object iterable, @Nullable Again again, int depth) {
    this.iterable = iterable;
    this.again = again;
    this.depth = depth;
    this.items = Iteration.of(iterable);
  }

  /** Goes to the next item; false where there is none. */
  boolean advance() {
    if (peek() == Missing.VALUE) {
      return false;
    }
    index++;
    before = current;
    current = after;
    after = Missing.VALUE;
    return true;
  }

  /** The item that it is at. */
  @Nullable Object current() {
    return current;
  }

  private @Nullable Object peek() {
    if (after == Missing.VALUE && items.hasNext()) {
      after = items.next();
    }
    return after;
  }

  @Override
  public int size() {
    if (length >= 0) {
      return length;
    }
    boolean sized =
        iterable instanceof List
            || iterable instanceof Map
            || iterable instanceof String
            || iterable instanceof Sized;
    if (sized) {
      length = Iteration.length(iterable);
    } else {
      List<@Nullable Object> rest = new ArrayList<>();
      items.forEachRemaining(rest::add);
      items = rest.iterator();
      length = rest.size() + index + 1 + (after == Missing.VALUE ? 0 : 1);
    }
    return length;
  }

  @Override
  public String typeName() {
    return "LoopContext";
  }

  @Override
  public String repr() {
    return "<LoopContext " + (index + 1) + "/" + size() + ">";
  }

  @Override
  public boolean truth() {
    return size() > 0;
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "first" -> index == 0;
      case "last" -> peek() == Missing.VALUE;
      case "length" -> (long) size();
      case "revindex" -> (long) size() - index;
      case "revindex0" -> size() - index - 1L;
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" -> index == 0 ? Undefined.because("there is no previous item") : before;
      case "nextitem" -> {
        Object next = peek();
        yield next == Missing.VALUE ? Undefined.because("there is no next item") : next;
      }
      case "cycle" -> new Builtin("bound method LoopContext.cycle", this, this::cycle);
      case "changed" -> new Builtin("bound method LoopContext.changed", this, this::changed);
      default -> Missing.VALUE;
    };
  }

  private @Nullable Object cycle(Arguments arguments) {
    @Nullable Object[] values = positional("loop.cycle", arguments);
    if (values.length == 0) {
      throw new DataException("loop.cycle: expected at least one value, got none");
    }
    return values[index % values.length];
  }

  private boolean changed(Arguments arguments) {
    Tuple values = Tuple.of(positional("loop.changed", arguments));
    boolean changed = !Equality.equal(lastChanged, values);
    if (changed) {
      lastChanged = values;
    }
    return changed;
  }

  private static @Nullable Object[] positional(String what, Arguments arguments) {
    if (!arguments.keywords().isEmpty()) {
      throw new DataException(what + ": expected values without names");
    }
    return arguments.positional();
  }

  @Override
  public Object call(Arguments arguments) {
    Object inner = Parameters.of("iterable").bind("loop", arguments)[0];
    if (again == null) {
      throw new DataException("loop: expected a loop marked 'recursive' to call, got another");
    }
    return again.run(inner, depth + 1);
  }
}
