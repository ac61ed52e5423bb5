package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arithmetic;
import dev.hlotune.trainer.jinja.python.Attributes;
import dev.hlotune.trainer.jinja.python.DictMethods;
import dev.hlotune.trainer.jinja.python.Dicts;
import dev.hlotune.trainer.jinja.python.Limits;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.jinja.python.Slices;
import dev.hlotune.trainer.jinja.python.Truth;
import dev.hlotune.trainer.jinja.python.Tuple;
import dev.hlotune.trainer.jinja.python.Undefined;
import dev.hlotune.trainer.jinja.syntax.Expr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles expressions; calls, filters and tests are those of {@link CallCompiler}. */
final class ExpressionCompiler {
  private ExpressionCompiler() {}

  static Expression[] compileAll(List<Expr> expressions, Frame frame) {
    return expressions.stream().map(e -> compile(e, frame)).toArray(Expression[]::new);
  }

  static @Nullable Expression compileOrNull(@Nullable Expr expression, Frame frame) {
    return expression == null ? null : compile(expression, frame);
  }

  static Expression compile(Expr expression, Frame frame) {
    return switch (expression) {
      case Expr.Constant(Object value) -> _ -> value;
      case Expr.Name(String name) -> name(name, frame.slot(name));
      case Expr.TupleOf(List<Expr> items) -> {
        Expression[] values = compileAll(items, frame);
        yield scope -> Tuple.of(evaluateAll(values, scope));
      }
      case Expr.ListOf(List<Expr> items) -> {
        Expression[] values = compileAll(items, frame);
        yield scope -> new ArrayList<@Nullable Object>(Arrays.asList(evaluateAll(values, scope)));
      }
      case Expr.DictOf(List<Expr> keysAndValues) -> dict(compileAll(keysAndValues, frame));
      case Expr.Conditional e -> conditional(e, frame.branch());
      case Expr.Binary e ->
          binary(e.operator(), compile(e.left(), frame), compile(e.right(), frame));
      case Expr.Unary e -> unary(e.operator(), compile(e.operand(), frame));
      case Expr.Concatenation(List<Expr> parts) -> concatenation(compileAll(parts, frame));
      case Expr.Comparison e -> ComparisonCompiler.compile(e, frame);
      case Expr.Attribute e -> attribute(compile(e.object(), frame), e.name());
      case Expr.Item e -> item(compile(e.object(), frame), compile(e.key(), frame));
      case Expr.Slice e -> slice(e, frame);
      case Expr.Call e -> CallCompiler.call(e, frame);
      case Expr.Filtered e -> CallCompiler.filtered(e, frame, null);
      case Expr.Tested e -> CallCompiler.tested(e, frame);
    };
  }

  private static @Nullable Object[] evaluateAll(Expression[] expressions, Scope scope) {
    @Nullable Object[] values = new @Nullable Object[expressions.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = expressions[i].evaluate(scope);
    }
    return values;
  }

  private static Expression name(String name, Slot slot) {
    if (slot.hops() == 0) {
      int index = slot.index();
      return scope -> {
        Object value = scope.slots[index];
        return value == Missing.VALUE ? Undefined.name(name) : value;
      };
    }
    return scope -> {
      Object value = slot.get(scope);
      return value == Missing.VALUE ? Undefined.name(name) : value;
    };
  }

  private static Expression dict(Expression[] keysAndValues) {
    return scope -> {
      Map<Object, @Nullable Object> dict = Dicts.empty();
      for (int i = 0; i < keysAndValues.length; i += 2) {
        Object key = Dicts.key(keysAndValues[i].evaluate(scope));
        dict.put(key, keysAndValues[i + 1].evaluate(scope));
      }
      return dict;
    };
  }

  private static Expression conditional(Expr.Conditional expression, Frame frame) {
    Expression test = compile(expression.test(), frame);
    Expression then = compile(expression.then(), frame);
    Expression otherwise = compileOrNull(expression.otherwise(), frame);
    if (otherwise == null) {
      String reason =
          "the inline if-expression on line "
              + expression.line()
              + " evaluated to false and no else section was defined";
      return scope ->
          Truth.of(test.evaluate(scope)) ? then.evaluate(scope) : Undefined.because(reason);
    }
    return scope ->
        Truth.of(test.evaluate(scope)) ? then.evaluate(scope) : otherwise.evaluate(scope);
  }

  private static Expression binary(String operator, Expression left, Expression right) {
    return switch (operator) {
      case "and" ->
          scope -> {
            Object value = left.evaluate(scope);
            return Truth.of(value) ? right.evaluate(scope) : value;
          };
      case "or" ->
          scope -> {
            Object value = left.evaluate(scope);
            return Truth.of(value) ? value : right.evaluate(scope);
          };
      case "+" -> scope -> Arithmetic.add(left.evaluate(scope), right.evaluate(scope));
      case "-" -> scope -> Arithmetic.subtract(left.evaluate(scope), right.evaluate(scope));
      case "*" -> scope -> Arithmetic.multiply(left.evaluate(scope), right.evaluate(scope));
      case "/" -> scope -> Arithmetic.divide(left.evaluate(scope), right.evaluate(scope));
      case "//" -> scope -> Arithmetic.floorDivide(left.evaluate(scope), right.evaluate(scope));
      case "%" -> scope -> Arithmetic.modulo(left.evaluate(scope), right.evaluate(scope));
      case "**" -> scope -> Arithmetic.power(left.evaluate(scope), right.evaluate(scope));
      default -> throw new IllegalArgumentException("operator: " + operator);
    };
  }

  private static Expression unary(String operator, Expression operand) {
    return switch (operator) {
      case "not" -> scope -> !Truth.of(operand.evaluate(scope));
      case "-" -> scope -> Arithmetic.negate(operand.evaluate(scope));
      default -> scope -> Arithmetic.positive(operand.evaluate(scope));
    };
  }

  private static Expression concatenation(Expression[] parts) {
    return scope -> {
      StringBuilder text = new StringBuilder();
      for (Expression part : parts) {
        text.append(Repr.str(part.evaluate(scope)));
        Limits.length(text.length());
      }
      return text.toString();
    };
  }

  private static Expression attribute(Expression object, String name) {
    if (DictMethods.isName(name)) {
      return scope -> Attributes.get(object.evaluate(scope), name);
    }
    return scope -> {
      Object value = object.evaluate(scope);
      if (value instanceof Map<?, ?> dict) {
        Object found = dict.get(name);
        return found != null || dict.containsKey(name) ? found : Undefined.member(dict, name);
      }
      return Attributes.get(value, name);
    };
  }

  private static Expression item(Expression object, Expression key) {
    return scope -> {
      Object value = object.evaluate(scope);
      return Attributes.at(value, key.evaluate(scope));
    };
  }

  private static Expression slice(Expr.Slice slice, Frame frame) {
    Expression object = compile(slice.object(), frame);
    Expression start = orNone(slice.start(), frame);
    Expression stop = orNone(slice.stop(), frame);
    Expression step = orNone(slice.step(), frame);
    return scope ->
        Slices.slice(
            object.evaluate(scope),
            start.evaluate(scope),
            stop.evaluate(scope),
            step.evaluate(scope));
  }

  private static Expression orNone(@Nullable Expr expression, Frame frame) {
    return expression == null ? _ -> null : compile(expression, frame);
  }
}
