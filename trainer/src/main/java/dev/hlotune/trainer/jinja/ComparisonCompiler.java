package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Equality;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Ordering;
import dev.hlotune.trainer.jinja.syntax.Expr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles comparisons, in chains too. */
final class ComparisonCompiler {
  private ComparisonCompiler() {}

  /** One comparison. */
  private interface Relation {
    boolean test(@Nullable Object left, @Nullable Object right);
  }

  static Expression compile(Expr.Comparison comparison, Frame frame) {
    Expression first = ExpressionCompiler.compile(comparison.first(), frame);
    Expression[] others = ExpressionCompiler.compileAll(comparison.others(), frame);
    List<Relation> relations =
        comparison.operators().stream().map(ComparisonCompiler::relation).toList();
    if (others.length == 1) {
      Relation relation = relations.getFirst();
      Expression second = others[0];
      return scope -> relation.test(first.evaluate(scope), second.evaluate(scope));
    }
    return scope -> {
      Object left = first.evaluate(scope);
      for (int i = 0; i < others.length; i++) {
        Object right = others[i].evaluate(scope);
        if (!relations.get(i).test(left, right)) {
          return false;
        }
        left = right;
      }
      return true;
    };
  }

  private static Relation relation(String operator) {
    return switch (operator) {
      case "==" -> Equality::equal;
      case "!=" -> (left, right) -> !Equality.equal(left, right);
      case "<" -> Ordering.LESS::test;
      case "<=" -> Ordering.AT_MOST::test;
      case ">" -> Ordering.GREATER::test;
      case ">=" -> Ordering.AT_LEAST::test;
      case "in" -> (left, right) -> Iteration.contains(right, left);
      default -> (left, right) -> !Iteration.contains(right, left);
    };
  }
}
