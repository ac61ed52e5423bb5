package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arithmetic;
import dev.hlotune.trainer.jinja.python.Callable;
import dev.hlotune.trainer.jinja.python.DictView;
import dev.hlotune.trainer.jinja.python.Dicts;
import dev.hlotune.trainer.jinja.python.Equality;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Markup;
import dev.hlotune.trainer.jinja.python.Numbers;
import dev.hlotune.trainer.jinja.python.Ordering;
import dev.hlotune.trainer.jinja.python.Parameters;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.jinja.python.Sized;
import dev.hlotune.trainer.jinja.python.StringMethods;
import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.jinja.python.Undefined;
import dev.hlotune.trainer.source.DataException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All tests, by name. */
final class Tests {
  private static final Parameters VALUE = Parameters.of("value");
  private static final Parameters TWO = Parameters.unnamed("a", "b");
  private static final Map<String, Test> ALL = new HashMap<>();

  static {
    add("defined", value -> !(value instanceof Undefined));
    add("undefined", value -> value instanceof Undefined);
    add("none", value -> value == null);
    add("boolean", value -> value instanceof Boolean);
    add("true", value -> Boolean.TRUE.equals(value));
    add("false", value -> Boolean.FALSE.equals(value));
    add("integer", value -> Numbers.isIntegral(value) && !(value instanceof Boolean));
    add("float", Numbers::isFloat);
    add("number", Numbers::isNumber);
    add("string", value -> Text.ofString(value) != null);
    add("mapping", value -> value instanceof Map);
    add("iterable", Iteration::accepts);
    add("sequence", Tests::isSequence);
    add("lower", value -> StringMethods.isLower(Repr.str(value)));
    add("upper", value -> StringMethods.isUpper(Repr.str(value)));
    add("escaped", value -> value instanceof Markup);
    add("odd", value -> Equality.equal(Arithmetic.modulo(value, 2L), 1L));
    add("even", value -> Equality.equal(Arithmetic.modulo(value, 2L), 0L));
    add("filter", value -> Filters.isKnown(hashable(value)));
    add("test", value -> Tests.isKnown(hashable(value)));
    add(
        new Test(
            "callable",
            Parameters.unnamed("obj"),
            a -> a[0] instanceof Callable || a[0] instanceof Undefined));
    add(
        new Test(
            "divisibleby",
            Parameters.of("value", "num"),
            a -> Equality.equal(Arithmetic.modulo(a[0], a[1]), 0L)));
    add(new Test("sameas", Parameters.of("value", "other"), a -> Equality.identical(a[0], a[1])));
    add(new Test("in", Parameters.of("value", "seq"), a -> Iteration.contains(a[1], a[0])));
    for (String name : List.of("==", "eq", "equalto")) {
      add(new Test(name, TWO, a -> Equality.equal(a[0], a[1])));
    }
    for (String name : List.of("!=", "ne")) {
      add(new Test(name, TWO, a -> !Equality.equal(a[0], a[1])));
    }
    order(Ordering.LESS, "<", "lt", "lessthan");
    order(Ordering.AT_MOST, "<=", "le");
    order(Ordering.GREATER, ">", "gt", "greaterthan");
    order(Ordering.AT_LEAST, ">=", "ge");
  }

  private Tests() {}

  private static void add(Test test) {
    ALL.put(test.name(), test);
  }

  private static void add(String name, Predicate<@Nullable Object> holds) {
    add(new Test(name, VALUE, a -> holds.test(a[0])));
  }

  private static void order(Ordering ordering, String... names) {
    for (String name : names) {
      add(new Test(name, TWO, a -> ordering.test(a[0], a[1])));
    }
  }

  private static @Nullable Object hashable(@Nullable Object value) {
    Dicts.key(value);
    return value;
  }

  private static boolean isSequence(@Nullable Object value) {
    boolean sized =
        value instanceof String
            || value instanceof List
            || value instanceof Map
            || value instanceof Sized;
    return sized && !(value instanceof DictView) && !(value instanceof Loop);
  }

  static @Nullable Test find(String name) {
    return ALL.get(name);
  }

  private static boolean isKnown(@Nullable Object name) {
    return name instanceof String text && ALL.containsKey(text);
  }

  static DataException unknown(String name) {
    return new DataException("expected a test, got '" + name + "'");
  }
}
