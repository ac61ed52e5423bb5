package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Attributes;
import dev.hlotune.trainer.jinja.python.DictMethods;
import dev.hlotune.trainer.jinja.python.Method;
import dev.hlotune.trainer.jinja.python.StringMethods;
import dev.hlotune.trainer.jinja.syntax.CallArguments;
import dev.hlotune.trainer.jinja.syntax.Expr;
import dev.hlotune.trainer.jinja.syntax.SyntaxErrors;
import dev.hlotune.trainer.source.DataException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles calls, filters and tests. */
final class CallCompiler {
  /** The methods of dicts that are called without a detour. */
  private static final Set<String> DICT_METHODS = Set.of("get", "items", "keys", "values");

  private CallCompiler() {}

  private static ArgumentValues arguments(CallArguments arguments, Frame frame) {
    return new ArgumentValues(
        Arrays.asList(ExpressionCompiler.compileAll(arguments.positional(), frame)),
        arguments.names(),
        Arrays.asList(ExpressionCompiler.compileAll(arguments.named(), frame)),
        ExpressionCompiler.compileOrNull(arguments.spread(), frame),
        ExpressionCompiler.compileOrNull(arguments.spreadNamed(), frame));
  }

  static Expression call(Expr.Call call, Frame frame) {
    ArgumentValues arguments = arguments(call.arguments(), frame);
    if (call.function() instanceof Expr.Attribute(Expr object, String name)) {
      return methodCall(ExpressionCompiler.compile(object, frame), name, arguments);
    }
    Expression function = ExpressionCompiler.compile(call.function(), frame);
    return scope -> Attributes.call(function.evaluate(scope), arguments.evaluate(scope));
  }

  /** A call of an attribute; that of a method of a string or dict makes no value of the method. */
  private static Expression methodCall(Expression object, String name, ArgumentValues arguments) {
    Method method = StringMethods.known(name);
    boolean ofDict = DICT_METHODS.contains(name);
    return scope -> {
      Object value = object.evaluate(scope);
      if (method != null && value instanceof String text) {
        return method.call(text, arguments.evaluate(scope));
      }
      if (ofDict && value instanceof Map<?, ?> dict) {
        return DictMethods.call(dict, name, arguments.evaluate(scope));
      }
      return Attributes.call(Attributes.get(value, name), arguments.evaluate(scope));
    };
  }

  /** A call with the block as {@code caller}. */
  static Expression blockCall(Expr.Call call, MacroDefinition block, Frame frame) {
    Expression function = ExpressionCompiler.compile(call.function(), frame);
    ArgumentValues arguments = arguments(call.arguments(), frame);
    return scope -> {
      Object callee = function.evaluate(scope);
      Arguments given = arguments.evaluate(scope);
      Map<String, @Nullable Object> keywords = new LinkedHashMap<>(given.keywords());
      keywords.put("caller", new Macro(block, scope));
      return Attributes.call(callee, new Arguments(given.positional(), keywords));
    };
  }

  /**
   * A filter, or a chain of them.
   *
   * @param block what the innermost is applied to where it is that of a block
   */
  static Expression filtered(Expr.Filtered filtered, Frame frame, @Nullable Expression block) {
    Expression value;
    if (filtered.object() instanceof Expr.Filtered inner) {
      value = filtered(inner, frame, block);
    } else if (filtered.object() != null) {
      value = ExpressionCompiler.compile(filtered.object(), frame);
    } else {
      value = Objects.requireNonNull(block);
    }
    Filter filter = Filters.find(filtered.name());
    ArgumentValues arguments = arguments(filtered.arguments(), frame);
    if (filter == null) {
      return unknown(Filters.unknown(filtered.name()), filtered.line(), frame);
    }
    return scope -> filter.apply(arguments.evaluate(scope, value.evaluate(scope)));
  }

  static Expression tested(Expr.Tested tested, Frame frame) {
    Expression value = ExpressionCompiler.compile(tested.object(), frame);
    ArgumentValues arguments = arguments(tested.arguments(), frame);
    Test test = Tests.find(tested.name());
    if (test == null) {
      return unknown(Tests.unknown(tested.name()), tested.line(), frame);
    }
    return scope -> test.apply(arguments.evaluate(scope, value.evaluate(scope)));
  }

  /** In a branch it is an error only when it is reached. */
  private static Expression unknown(DataException error, int line, Frame frame) {
    String message = Objects.requireNonNull(error.getMessage());
    if (!frame.soft()) {
      throw SyntaxErrors.at(line, message);
    }
    return _ -> {
      throw new DataException(message);
    };
  }
}
