package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.Statement.Flow;
import dev.hlotune.trainer.jinja.python.Arguments;
import dev.hlotune.trainer.jinja.python.Limits;
import dev.hlotune.trainer.jinja.python.Repr;
import dev.hlotune.trainer.jinja.python.Text;
import dev.hlotune.trainer.jinja.python.Truth;
import dev.hlotune.trainer.jinja.syntax.Expr;
import dev.hlotune.trainer.jinja.syntax.MacroParameters;
import dev.hlotune.trainer.jinja.syntax.Stmt;
import dev.hlotune.trainer.jinja.syntax.SyntaxErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles statements; loops are those of {@link LoopCompiler}. */
final class StatementCompiler {
  private StatementCompiler() {}

  static Statement[] compileAll(List<Stmt> statements, Frame frame) {
    return statements.stream().map(s -> compile(s, frame)).toArray(Statement[]::new);
  }

  private static Statement compile(Stmt statement, Frame frame) {
    return switch (statement) {
      case Stmt.Data(String text) ->
          (_, out) -> {
            out.append(text);
            return Flow.NEXT;
          };
      case Stmt.Print print -> print(print, frame);
      case Stmt.For loop -> LoopCompiler.compile(loop, frame);
      case Stmt.If choice -> choice(choice, frame.branch());
      case Stmt.Set set -> set(set, frame);
      case Stmt.SetBlock block -> setBlock(block, frame);
      case Stmt.With block -> with(block, frame);
      case Stmt.Macro macro -> macro(macro, frame);
      case Stmt.CallBlock block -> callBlock(block, frame);
      case Stmt.FilterBlock block -> filterBlock(block, frame);
      case Stmt.Generation block -> generation(block, frame);
      case Stmt.Break(int line) -> jump(Flow.BREAK, "break", line, frame);
      case Stmt.Continue(int line) -> jump(Flow.CONTINUE, "continue", line, frame);
    };
  }

  private static Statement jump(Flow flow, String tag, int line, Frame frame) {
    if (!frame.inLoop()) {
      throw SyntaxErrors.at(line, "expected '" + tag + "' inside of a loop, got it outside");
    }
    return (_, _) -> flow;
  }

  private static Statement print(Stmt.Print print, Frame frame) {
    Expression value = ExpressionCompiler.compile(print.value(), frame);
    int line = print.line();
    return (scope, out) -> {
      scope.run.line = line;
      out.append(Repr.str(value.evaluate(scope)));
      return Flow.NEXT;
    };
  }

  private static Statement choice(Stmt.If choice, Frame frame) {
    List<Stmt.If> branches = new ArrayList<>(choice.branches());
    branches.addFirst(choice);
    Expression[] tests = new Expression[branches.size()];
    Statement[][] bodies = new Statement[branches.size()][];
    int[] lines = new int[branches.size()];
    for (int i = 0; i < tests.length; i++) {
      tests[i] = ExpressionCompiler.compile(branches.get(i).test(), frame);
      bodies[i] = compileAll(branches.get(i).body(), frame);
      lines[i] = branches.get(i).line();
    }
    Statement[] otherwise = compileAll(choice.otherwise(), frame);
    return (scope, out) -> {
      for (int i = 0; i < tests.length; i++) {
        scope.run.line = lines[i];
        if (Truth.of(tests[i].evaluate(scope))) {
          return Statement.all(bodies[i], scope, out);
        }
      }
      return Statement.all(otherwise, scope, out);
    };
  }

  private static Statement set(Stmt.Set set, Frame frame) {
    List<Statement> checks = new ArrayList<>();
    Assignment.check(set.target(), frame, checks);
    Statement[] before = checks.toArray(new Statement[0]);
    Expression value = ExpressionCompiler.compile(set.value(), frame);
    Assignment target = Assignment.compile(set.target(), frame);
    int line = set.line();
    return (scope, out) -> {
      scope.run.line = line;
      Statement.all(before, scope, out);
      target.assign(scope, value.evaluate(scope));
      return Flow.NEXT;
    };
  }

  private static Statement setBlock(Stmt.SetBlock block, Frame outer) {
    Assignment target = Assignment.compile(block.target(), outer);
    return captured(
        block.body(),
        block.filter(),
        block.line(),
        outer,
        false,
        (scope, _, value) -> target.assign(scope, value));
  }

  private static Statement filterBlock(Stmt.FilterBlock block, Frame outer) {
    return captured(
        block.body(),
        block.filter(),
        block.line(),
        outer,
        true,
        (_, out, value) -> append("filter", out, value));
  }

  /** What becomes of the text of a block. */
  private interface Use {
    void use(Scope scope, StringBuilder out, @Nullable Object value);
  }

  /** A block whose text is caught and put through a filter, if there is one. */
  private static Statement captured(
      List<Stmt> body,
      Expr.@Nullable Filtered filter,
      int line,
      Frame outer,
      boolean filterNames,
      Use use) {
    Frame frame = outer.inner();
    SymbolFinder.addAll(frame.symbols(), body);
    if (filterNames && filter != null) {
      SymbolFinder.add(frame.symbols(), filter);
    }
    Entry entry = frame.entry();
    Statement[] statements = compileAll(body, frame);
    Slot held = frame.slot(new Symbols.Identifier(frame.symbols().level, "|"));
    Expression filtered = filter == null ? null : CallCompiler.filtered(filter, frame, held::get);
    return (scope, out) -> {
      entry.enter(scope);
      StringBuilder text = new StringBuilder();
      Flow flow = Statement.all(statements, scope, text);
      if (flow != Flow.NEXT) {
        return flow;
      }
      scope.run.line = line;
      Object value = text.toString();
      if (filtered != null) {
        held.set(scope, value);
        value = filtered.evaluate(scope);
      }
      use.use(scope, out, value);
      entry.leave(scope);
      return Flow.NEXT;
    };
  }

  private static void append(String tag, StringBuilder out, @Nullable Object value) {
    out.append(Text.require(tag, value));
    Limits.length(out.length());
  }

  private static Statement with(Stmt.With block, Frame outer) {
    Frame frame = outer.inner();
    block.targets().forEach(target -> SymbolFinder.declare(frame.symbols(), target));
    SymbolFinder.addAll(frame.symbols(), block.body());
    Entry entry = frame.entry();
    Expression[] values = ExpressionCompiler.compileAll(block.values(), outer);
    Assignment[] targets =
        block.targets().stream()
            .map(target -> Assignment.compile(target, frame))
            .toArray(Assignment[]::new);
    Statement[] body = compileAll(block.body(), frame);
    int line = block.line();
    return (scope, out) -> {
      scope.run.line = line;
      entry.enter(scope);
      for (int i = 0; i < targets.length; i++) {
        targets[i].assign(scope, values[i].evaluate(scope));
      }
      Flow flow = Statement.all(body, scope, out);
      if (flow == Flow.NEXT) {
        entry.leave(scope);
      }
      return flow;
    };
  }

  private static Statement macro(Stmt.Macro macro, Frame frame) {
    MacroDefinition definition =
        MacroCompiler.compile(macro.name(), macro.parameters(), macro.body(), macro.line(), frame);
    Slot slot = frame.slot(macro.name());
    return (scope, _) -> {
      slot.set(scope, new Macro(definition, scope));
      return Flow.NEXT;
    };
  }

  private static Statement callBlock(Stmt.CallBlock block, Frame frame) {
    MacroDefinition caller =
        MacroCompiler.compile(null, block.parameters(), block.body(), block.line(), frame);
    Expression call = CallCompiler.blockCall(block.call(), caller, frame);
    int line = block.line();
    return (scope, out) -> {
      scope.run.line = line;
      append("call", out, call.evaluate(scope));
      return Flow.NEXT;
    };
  }

  private static Statement generation(Stmt.Generation block, Frame frame) {
    MacroDefinition body =
        MacroCompiler.compile(null, MacroParameters.NONE, block.body(), block.line(), frame);
    return (scope, out) -> {
      String text = new Macro(body, scope).call(Arguments.NONE);
      scope.run.mark(text);
      out.append(text);
      return Flow.NEXT;
    };
  }
}
