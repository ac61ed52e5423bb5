package dev.hlotune.trainer.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Parses expressions, from the loosest operator to the tightest. */
final class ExpressionParser {
  private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

  private final TokenStream tokens;
  private final CallParser calls;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.calls = new CallParser(tokens, this);
  }

  Expr expression() {
    return conditional();
  }

  /** An expression, or a tuple where commas follow. */
  Expr tuple() {
    return tuple(this::conditional, false);
  }

  /** The same without {@code if}, as a loop and an if take it. */
  Expr tupleWithoutConditional() {
    return tuple(this::or, false);
  }

  private Expr tuple(Supplier<Expr> item, boolean inParentheses) {
    List<Expr> items = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (tokens.atTupleEnd()) {
        break;
      }
      items.add(item.get());
      if (!tokens.isOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple && items.isEmpty() && !inParentheses) {
      throw tokens.unexpected("an expression");
    }
    return isTuple || items.isEmpty() ? new Expr.TupleOf(items) : items.getFirst();
  }

  private Expr conditional() {
    int line = tokens.line();
    Expr value = or();
    while (tokens.skipName("if")) {
      Expr test = or();
      Expr otherwise = tokens.skipName("else") ? conditional() : null;
      value = new Expr.Conditional(test, value, otherwise, line);
      line = tokens.line();
    }
    return value;
  }

  private Expr or() {
    Expr left = and();
    while (tokens.skipName("or")) {
      left = new Expr.Binary("or", left, and());
    }
    return left;
  }

  private Expr and() {
    Expr left = not();
    while (tokens.skipName("and")) {
      left = new Expr.Binary("and", left, not());
    }
    return left;
  }

  private Expr not() {
    return tokens.skipName("not") ? new Expr.Unary("not", not()) : comparison();
  }

  private Expr comparison() {
    Expr first = sum();
    List<String> operators = new ArrayList<>();
    List<Expr> others = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      if (token.is(Token.Kind.OPERATOR) && COMPARISONS.contains(token.text())) {
        operators.add(tokens.next().text());
      } else if (tokens.skipName("in")) {
        operators.add("in");
      } else if (token.isName("not") && tokens.following().isName("in")) {
        tokens.next();
        tokens.next();
        operators.add("not in");
      } else {
        return operators.isEmpty() ? first : new Expr.Comparison(first, operators, others);
      }
      others.add(sum());
    }
  }

  private Expr sum() {
    return leftToRight(Set.of("+", "-"), this::concatenation);
  }

  private Expr concatenation() {
    List<Expr> parts = new ArrayList<>(List.of(product()));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return parts.size() == 1 ? parts.getFirst() : new Expr.Concatenation(parts);
  }

  private Expr product() {
    return leftToRight(Set.of("*", "/", "//", "%"), this::power);
  }

  private Expr power() {
    return leftToRight(Set.of("**"), () -> unary(true));
  }

  private Expr leftToRight(Set<String> operators, Supplier<Expr> operand) {
    Expr left = operand.get();
    while (tokens.is(Token.Kind.OPERATOR) && operators.contains(tokens.current().text())) {
      String operator = tokens.next().text();
      left = new Expr.Binary(operator, left, operand.get());
    }
    return left;
  }

  private Expr unary(boolean withFilters) {
    Expr value;
    if (tokens.skipOperator("-")) {
      value = new Expr.Unary("-", unary(false));
    } else if (tokens.skipOperator("+")) {
      value = new Expr.Unary("+", unary(false));
    } else {
      value = primary();
    }
    value = calls.postfix(value);
    return withFilters ? calls.filters(value) : value;
  }

  /** A literal, a name, or something in brackets. */
  Expr primary() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> {
        tokens.next();
        yield name(token);
      }
      case STRING -> {
        StringBuilder text = new StringBuilder();
        while (tokens.is(Token.Kind.STRING)) {
          text.append(tokens.next().text());
        }
        yield new Expr.Constant(text.toString());
      }
      case INTEGER, FLOAT -> new Expr.Constant(tokens.next().value());
      case OPERATOR -> bracketed();
      default -> throw tokens.unexpected("an expression");
    };
  }

  private static Expr name(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Expr.Constant(true);
      case "false", "False" -> new Expr.Constant(false);
      case "none", "None" -> new Expr.Constant(null);
      default -> new Expr.Name(token.text());
    };
  }

  private Expr bracketed() {
    if (tokens.skipOperator("(")) {
      Expr value = tuple(this::conditional, true);
      tokens.expectOperator(")");
      return value;
    }
    if (tokens.skipOperator("[")) {
      return new Expr.ListOf(items("]", false));
    }
    if (tokens.skipOperator("{")) {
      return new Expr.DictOf(items("}", true));
    }
    throw tokens.unexpected("an expression");
  }

  private List<Expr> items(String close, boolean pairs) {
    List<Expr> items = new ArrayList<>();
    while (!tokens.isOperator(close)) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (tokens.isOperator(close)) {
        break;
      }
      items.add(expression());
      if (pairs) {
        tokens.expectOperator(":");
        items.add(expression());
      }
    }
    tokens.expectOperator(close);
    return items;
  }

  Expr.@Nullable Filtered filter(@Nullable Expr value, boolean startInline) {
    return calls.filter(value, startInline);
  }
}
