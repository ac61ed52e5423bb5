package dev.hlotune.trainer.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parses what follows a value: attributes, items, calls, filters and tests. */
final class CallParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;

  CallParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /** Attributes, items and calls. */
  Expr postfix(Expr start) {
    Expr value = start;
    while (true) {
      if (tokens.skipOperator(".")) {
        value = attribute(value);
      } else if (tokens.isOperator("[")) {
        value = subscript(value);
      } else if (tokens.isOperator("(")) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  /** Filters, tests, and calls of what they give. */
  Expr filters(Expr start) {
    Expr value = start;
    while (true) {
      if (tokens.isOperator("|")) {
        Expr filtered = filter(value, false);
        value = filtered == null ? value : filtered;
      } else if (tokens.isName("is")) {
        value = test(value);
      } else if (tokens.isOperator("(")) {
        value = new Expr.Call(value, arguments());
      } else {
        return value;
      }
    }
  }

  private Expr attribute(Expr value) {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> new Expr.Attribute(value, token.text());
      case INTEGER -> new Expr.Item(value, new Expr.Constant(token.value()));
      default -> throw SyntaxErrors.expected(token.line(), "a name or number", token.description());
    };
  }

  private Expr subscript(Expr value) {
    tokens.expectOperator("[");
    List<Expr> keys = new ArrayList<>();
    Expr slice = null;
    while (!tokens.isOperator("]")) {
      if (!keys.isEmpty() || slice != null) {
        tokens.expectOperator(",");
        if (slice != null) {
          throw tokens.unexpected("one slice");
        }
      }
      Expr first = tokens.isOperator(":") ? null : expressions.expression();
      if (!tokens.isOperator(":")) {
        keys.add(Objects.requireNonNull(first));
      } else if (!keys.isEmpty()) {
        throw tokens.unexpected("a key");
      } else {
        slice = slice(value, first);
      }
    }
    tokens.expectOperator("]");
    if (slice != null) {
      return slice;
    }
    return new Expr.Item(value, keys.size() == 1 ? keys.getFirst() : new Expr.TupleOf(keys));
  }

  private Expr slice(Expr value, @Nullable Expr start) {
    tokens.expectOperator(":");
    Expr stop = bound();
    Expr step = tokens.skipOperator(":") ? bound() : null;
    return new Expr.Slice(value, start, stop, step);
  }

  private @Nullable Expr bound() {
    boolean absent = tokens.isOperator(":") || tokens.isOperator("]") || tokens.isOperator(",");
    return absent ? null : expressions.expression();
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(tokens.expect(Token.Kind.NAME).text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Token.Kind.NAME).text());
    }
    return name.toString();
  }

  /** A chain of filters, null where there is none. */
  Expr.@Nullable Filtered filter(@Nullable Expr start, boolean startInline) {
    Expr.Filtered filtered = null;
    boolean inline = startInline;
    while (inline || tokens.skipOperator("|")) {
      inline = false;
      int line = tokens.line();
      String name = dottedName();
      CallArguments arguments = tokens.isOperator("(") ? arguments() : CallArguments.NONE;
      filtered = new Expr.Filtered(filtered == null ? start : filtered, name, arguments, line);
    }
    return filtered;
  }

  private Expr test(Expr value) {
    int line = tokens.next().line();
    boolean negated = tokens.skipName("not");
    String name = dottedName();
    CallArguments arguments = CallArguments.NONE;
    if (tokens.isOperator("(")) {
      arguments = arguments();
    } else if (startsArgument()) {
      if (tokens.isName("is")) {
        throw tokens.unexpected("one test");
      }
      arguments = CallArguments.of(postfix(expressions.primary()));
    }
    Expr test = new Expr.Tested(value, name, arguments, line);
    return negated ? new Expr.Unary("not", test) : test;
  }

  private boolean startsArgument() {
    Token token = tokens.current();
    return switch (token.kind()) {
      case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.isOperator("[") || token.isOperator("{");
      default -> false;
    };
  }

  private CallArguments arguments() {
    int line = tokens.line();
    tokens.expectOperator("(");
    List<Expr> positional = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<Expr> named = new ArrayList<>();
    Expr spread = null;
    Expr spreadNamed = null;
    boolean first = true;
    while (!tokens.isOperator(")")) {
      if (!first) {
        tokens.expectOperator(",");
        if (tokens.isOperator(")")) {
          break;
        }
      }
      first = false;
      boolean ordered = spreadNamed == null;
      if (tokens.skipOperator("*")) {
        ordered &= spread == null;
        spread = expressions.expression();
      } else if (tokens.skipOperator("**")) {
        spreadNamed = expressions.expression();
      } else if (tokens.is(Token.Kind.NAME) && tokens.following().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        ordered &= !names.contains(name);
        names.add(name);
        named.add(expressions.expression());
      } else {
        ordered &= spread == null && names.isEmpty();
        positional.add(expressions.expression());
      }
      if (!ordered) {
        throw SyntaxErrors.at(line, "expected each argument once, those with names last");
      }
    }
    tokens.expectOperator(")");
    return new CallArguments(positional, names, named, spread, spreadNamed);
  }
}
