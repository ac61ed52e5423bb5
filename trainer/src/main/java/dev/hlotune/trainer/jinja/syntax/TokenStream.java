package dev.hlotune.trainer.jinja.syntax;

import dev.hlotune.trainer.source.DataException;
import java.util.List;

/** The tokens of a template, and how far they are read. */
final class TokenStream {
  private final List<Token> tokens;
  private int at;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  /** The token after the current one. */
  Token following() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  int line() {
    return current().line();
  }

  boolean is(Token.Kind kind) {
    return current().is(kind);
  }

  boolean isName(String name) {
    return current().isName(name);
  }

  boolean isOperator(String operator) {
    return current().isOperator(operator);
  }

  /** Takes the current token. */
  Token next() {
    Token token = current();
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean skipName(String name) {
    boolean found = isName(name);
    if (found) {
      next();
    }
    return found;
  }

  boolean skipOperator(String operator) {
    boolean found = isOperator(operator);
    if (found) {
      next();
    }
    return found;
  }

  Token expect(Token.Kind kind) {
    if (!is(kind)) {
      throw unexpected(kind.description());
    }
    return next();
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  /** Whether a tuple without brackets ends here. */
  boolean atTupleEnd() {
    return is(Token.Kind.VARIABLE_END) || is(Token.Kind.BLOCK_END) || isOperator(")");
  }

  DataException unexpected(String expected) {
    return SyntaxErrors.expected(line(), expected, current().description());
  }
}
