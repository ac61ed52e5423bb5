package dev.hlotune.trainer.jinja.syntax;

import java.util.Objects;

/**
 * A token.
 *
 * @param kind what it is
 * @param value its text; of a number or string, its value
 * @param line its line, from 1
 */
record Token(Kind kind, Object value, int line) {
  enum Kind {
    DATA("text"),
    BLOCK_BEGIN("{%"),
    BLOCK_END("%}"),
    VARIABLE_BEGIN("{{"),
    VARIABLE_END("}}"),
    NAME("a name"),
    STRING("a string"),
    INTEGER("an integer"),
    FLOAT("a float"),
    OPERATOR("an operator"),
    END("the end of the template");

    private final String description;

    Kind(String description) {
      this.description = description;
    }

    String description() {
      return description;
    }
  }

  boolean is(Kind other) {
    return kind == other;
  }

  boolean isName(String name) {
    return kind == Kind.NAME && value.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && value.equals(operator);
  }

  String text() {
    return Objects.toString(value);
  }

  /** How a message names it. */
  String description() {
    return switch (kind) {
      case NAME, OPERATOR -> "'" + value + "'";
      case BLOCK_BEGIN, BLOCK_END, VARIABLE_BEGIN, VARIABLE_END -> "'" + kind.description + "'";
      default -> kind.description;
    };
  }
}
