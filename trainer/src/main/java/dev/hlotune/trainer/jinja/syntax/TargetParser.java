package dev.hlotune.trainer.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses what is assigned to. */
final class TargetParser {
  private static final Set<String> CONSTANTS =
      Set.of("true", "false", "none", "True", "False", "None");

  private final TokenStream tokens;

  TargetParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /** A name alone. */
  Target.Variable name() {
    Token token = tokens.expect(Token.Kind.NAME);
    if (CONSTANTS.contains(token.text())) {
      throw SyntaxErrors.expected(token.line(), "a name", token.description());
    }
    return new Target.Variable(token.text(), token.line());
  }

  /** A target, or several where commas follow. */
  Target target(boolean withMembers) {
    return targets(withMembers, false);
  }

  private Target targets(boolean withMembers, boolean inParentheses) {
    List<Target> items = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (tokens.atTupleEnd()) {
        break;
      }
      items.add(single(withMembers));
      if (!tokens.isOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (!isTuple && items.isEmpty() && !inParentheses) {
      throw tokens.unexpected("a name");
    }
    return isTuple || items.isEmpty() ? new Target.Unpacked(items) : items.getFirst();
  }

  private Target single(boolean withMembers) {
    if (tokens.skipOperator("(")) {
      Target target = targets(false, true);
      tokens.expectOperator(")");
      return target;
    }
    Target.Variable name = name();
    if (withMembers && tokens.skipOperator(".")) {
      return new Target.Member(name.name(), tokens.expect(Token.Kind.NAME).text());
    }
    return name;
  }
}
