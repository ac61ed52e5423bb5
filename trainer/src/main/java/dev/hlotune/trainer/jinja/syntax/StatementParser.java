package dev.hlotune.trainer.jinja.syntax;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Parses a template. */
public final class StatementParser {
  private static final Set<String> LEFT_OUT =
      Set.of("autoescape", "block", "extends", "from", "import", "include");

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final TargetParser targets;

  /** The tags that are open, the innermost first. */
  private final Deque<String> open = new ArrayDeque<>();

  private StatementParser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
    this.targets = new TargetParser(tokens);
  }

  /** The statements of a template. */
  public static List<Stmt> parse(String template) {
    return new StatementParser(new TokenStream(Lexer.tokens(template))).statements(Set.of());
  }

  /** Statements up to one of those tags, which is then the current token. */
  private List<Stmt> statements(Set<String> endNames) {
    List<Stmt> statements = new ArrayList<>();
    while (!tokens.is(Token.Kind.END)) {
      Token token = tokens.next();
      switch (token.kind()) {
        case DATA -> statements.add(new Stmt.Data(token.text()));
        case VARIABLE_BEGIN -> {
          int line = tokens.line();
          statements.add(new Stmt.Print(expressions.tuple(), line));
          tokens.expect(Token.Kind.VARIABLE_END);
        }
        default -> {
          if (tokens.is(Token.Kind.NAME) && endNames.contains(tokens.current().text())) {
            return statements;
          }
          statement(statements);
          tokens.expect(Token.Kind.BLOCK_END);
        }
      }
    }
    if (!endNames.isEmpty()) {
      throw SyntaxErrors.at(
          tokens.line(),
          "expected '"
              + String.join("' or '", endNames.stream().sorted().toList())
              + "' for '"
              + open.peek()
              + "', got the end of the template");
    }
    return statements;
  }

  /** The body of a tag, with the tag that ends it taken. */
  private List<Stmt> body(String endName) {
    List<Stmt> body = bodyBefore(Set.of(endName));
    tokens.next();
    return body;
  }

  private List<Stmt> bodyBefore(Set<String> endNames) {
    tokens.skipOperator(":");
    tokens.expect(Token.Kind.BLOCK_END);
    return statements(endNames);
  }

  private void statement(List<Stmt> statements) {
    Token token = tokens.expect(Token.Kind.NAME);
    String name = token.text();
    int line = token.line();
    open.push(name);
    if (name.equals("print")) {
      print(statements, line);
    } else {
      statements.add(
          switch (name) {
            case "for" -> forLoop(line);
            case "if" -> ifElse(line);
            case "set" -> set(line);
            case "with" -> with(line);
            case "macro" ->
                new Stmt.Macro(targets.name().name(), parameters(), body("endmacro"), line);
            case "call" -> callBlock(line);
            case "filter" -> {
              Expr.Filtered filter = Objects.requireNonNull(expressions.filter(null, true));
              yield new Stmt.FilterBlock(filter, body("endfilter"), line);
            }
            case "generation" -> new Stmt.Generation(body("endgeneration"), line);
            case "break" -> new Stmt.Break(line);
            case "continue" -> new Stmt.Continue(line);
            default ->
                throw SyntaxErrors.at(
                    line,
                    LEFT_OUT.contains(name)
                        ? "the tag '" + name + "' is not covered"
                        : "expected a tag, got '" + name + "'");
          });
    }
    open.pop();
  }

  private void print(List<Stmt> statements, int line) {
    boolean first = true;
    while (!tokens.is(Token.Kind.BLOCK_END)) {
      if (!first) {
        tokens.expectOperator(",");
      }
      statements.add(new Stmt.Print(expressions.expression(), line));
      first = false;
    }
  }

  private Stmt forLoop(int line) {
    Target target = targets.target(false);
    tokens.expectName("in");
    Expr iterable = expressions.tupleWithoutConditional();
    Expr test = tokens.skipName("if") ? expressions.expression() : null;
    boolean recursive = tokens.skipName("recursive");
    List<Stmt> body = bodyBefore(Set.of("endfor", "else"));
    boolean hasElse = tokens.next().isName("else");
    List<Stmt> otherwise = hasElse ? body("endfor") : List.of();
    return new Stmt.For(target, iterable, test, body, otherwise, recursive, line);
  }

  private Stmt ifElse(int line) {
    Set<String> ends = Set.of("elif", "else", "endif");
    Expr test = expressions.tupleWithoutConditional();
    List<Stmt> body = bodyBefore(ends);
    List<Stmt.If> branches = new ArrayList<>();
    while (tokens.skipName("elif")) {
      int branchLine = tokens.line();
      Expr branchTest = expressions.tupleWithoutConditional();
      branches.add(new Stmt.If(branchTest, bodyBefore(ends), List.of(), List.of(), branchLine));
    }
    List<Stmt> otherwise = tokens.next().isName("else") ? body("endif") : List.of();
    return new Stmt.If(test, body, branches, otherwise, line);
  }

  private Stmt set(int line) {
    Target target = targets.target(true);
    if (tokens.skipOperator("=")) {
      return new Stmt.Set(target, expressions.tuple(), line);
    }
    Expr.Filtered filter = expressions.filter(null, false);
    return new Stmt.SetBlock(target, filter, body("endset"), line);
  }

  private Stmt with(int line) {
    List<Target> names = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (!tokens.is(Token.Kind.BLOCK_END)) {
      if (!names.isEmpty()) {
        tokens.expectOperator(",");
      }
      names.add(targets.target(false));
      tokens.expectOperator("=");
      values.add(expressions.expression());
    }
    return new Stmt.With(names, values, body("endwith"), line);
  }

  private MacroParameters parameters() {
    tokens.expectOperator("(");
    List<Target.Variable> names = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    while (!tokens.isOperator(")")) {
      if (!names.isEmpty()) {
        tokens.expectOperator(",");
      }
      Target.Variable name = targets.name();
      if (names.stream().anyMatch(other -> other.name().equals(name.name()))) {
        throw SyntaxErrors.at(name.line(), "the parameter '" + name.name() + "' is there twice");
      }
      names.add(name);
      if (tokens.skipOperator("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw tokens.unexpected("a default, as the parameters before it have");
      }
    }
    tokens.expectOperator(")");
    return new MacroParameters(names, defaults);
  }

  private Stmt callBlock(int line) {
    MacroParameters parameters = tokens.isOperator("(") ? parameters() : MacroParameters.NONE;
    Expr call = expressions.expression();
    if (!(call instanceof Expr.Call function)) {
      throw SyntaxErrors.expected(line, "a call", "another expression");
    }
    return new Stmt.CallBlock(function, parameters, body("endcall"), line);
  }
}
