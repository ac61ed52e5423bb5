package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.Statement.Flow;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Truth;
import dev.hlotune.trainer.jinja.syntax.Node;
import dev.hlotune.trainer.jinja.syntax.Stmt;
import dev.hlotune.trainer.jinja.syntax.SyntaxErrors;
import dev.hlotune.trainer.jinja.syntax.Target;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Compiles loops. */
final class LoopCompiler {
  private LoopCompiler() {}

  static Statement compile(Stmt.For loop, Frame outer) {
    checkNames(loop);
    boolean extended =
        loop.recursive() || SymbolFinder.undeclared(loop.body(), "loop").contains("loop");
    Frame frame = (loop.recursive() ? outer.innerFunction() : outer.inner()).loop();
    int loopSlot = extended ? frame.slot(frame.symbols().declare("loop")).index() : -1;
    SymbolFinder.declare(frame.symbols(), loop.target());
    SymbolFinder.addAll(frame.symbols(), loop.body());

    BiFunction<Scope, @Nullable Object, @Nullable Object> selection = selection(loop, outer);
    Expression iterable = ExpressionCompiler.compile(loop.iterable(), outer);
    Otherwise otherwise = otherwise(loop, outer, frame.function());
    Assignment target = Assignment.compile(loop.target(), frame);
    Entry entry = frame.entry();
    Statement[] body = StatementCompiler.compileAll(loop.body(), frame);
    Turns turns =
        new Turns(loopSlot, target, entry, body, otherwise, loop.recursive() && otherwise == null);
    int line = loop.line();
    if (!loop.recursive()) {
      return (scope, out) -> {
        scope.run.line = line;
        return turns.run(scope, selection.apply(scope, iterable.evaluate(scope)), null, 0, out);
      };
    }
    Function function = frame.function();
    return (scope, out) -> {
      scope.run.line = line;
      RecursiveLoop recursive = new RecursiveLoop(function, scope, turns, selection);
      out.append(recursive.run(iterable.evaluate(scope), 0));
      return Flow.NEXT;
    };
  }

  /** The variable loop is set by the loop alone. */
  private static void checkNames(Node node) {
    switch (node) {
      case Stmt.For loop -> checkTarget(loop.target());
      case Stmt.Set set -> checkTarget(set.target());
      case Stmt.SetBlock set -> checkTarget(set.target());
      default -> {}
    }
    node.children().forEach(LoopCompiler::checkNames);
  }

  private static void checkTarget(Target target) {
    switch (target) {
      case Target.Variable(String name, int line) -> {
        if (name.equals("loop")) {
          throw SyntaxErrors.at(line, "the name 'loop' cannot be set inside of a loop");
        }
      }
      case Target.Unpacked(List<Target> items) -> items.forEach(LoopCompiler::checkTarget);
      case Target.Member _ -> {}
    }
  }

  /** What is done where a loop has no turn. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Otherwise(Entry entry, Statement[] body) {
    Flow run(Scope scope, StringBuilder out) {
      entry.enter(scope);
      Flow flow = Statement.all(body, scope, out);
      if (flow == Flow.NEXT) {
        entry.leave(scope);
      }
      return flow;
    }
  }

  private static @Nullable Otherwise otherwise(Stmt.For loop, Frame outer, Function function) {
    if (loop.otherwise().isEmpty()) {
      return null;
    }
    Frame inner = outer.inner();
    Frame frame =
        loop.recursive()
            ? new Frame(inner.symbols(), outer, function, outer.resolved(), false, false)
            : inner;
    SymbolFinder.addAll(frame.symbols(), loop.otherwise());
    return new Otherwise(frame.entry(), StatementCompiler.compileAll(loop.otherwise(), frame));
  }

  /** The items that the condition of a loop takes, one by one as they are asked for. */
  private static BiFunction<Scope, @Nullable Object, @Nullable Object> selection(
      Stmt.For loop, Frame outer) {
    if (loop.test() == null) {
      return (_, items) -> items;
    }
    Frame frame = outer.innerFunction();
    Symbols symbols = frame.symbols();
    Function function = frame.function();
    SymbolFinder.declare(symbols, loop.target());
    SymbolFinder.add(symbols, loop.test());
    Assignment target = Assignment.compile(loop.target(), frame);
    Expression item = Assignment.read(loop.target(), frame);
    Expression test = ExpressionCompiler.compile(loop.test(), frame);
    Entry entry = frame.entry();
    return (scope, items) ->
        Lazy.generator(
            "loop filter",
            () -> {
              Scope inner = new Scope(function, scope, scope.run);
              entry.enter(inner);
              return new Selected(
                  Iteration.of(items),
                  value -> {
                    scope.run.step();
                    target.assign(inner, value);
                    return Truth.of(test.evaluate(inner)) ? item.evaluate(inner) : Missing.VALUE;
                  });
            });
  }

  /** The turns of a loop. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Turns(
      int loopSlot,
      Assignment target,
      Entry entry,
      Statement[] body,
      @Nullable Otherwise otherwise,
      boolean endsFunction) {
    Flow run(
        Scope scope,
        @Nullable Object items,
        Loop.@Nullable Again again,
        int depth,
        StringBuilder out) {
      boolean completed =
          loopSlot < 0 ? plain(scope, items, out) : extended(scope, items, again, depth, out);
      if (!endsFunction) {
        entry.leave(scope);
      }
      return completed || otherwise == null ? Flow.NEXT : otherwise.run(scope, out);
    }

    private boolean plain(Scope scope, @Nullable Object items, StringBuilder out) {
      boolean completed = false;
      for (Iterator<@Nullable Object> i = Iteration.of(items); i.hasNext(); ) {
        Flow flow = turn(scope, i.next(), out);
        completed |= flow == Flow.NEXT;
        if (flow == Flow.BREAK) {
          break;
        }
      }
      return completed;
    }

    private boolean extended(
        Scope scope,
        @Nullable Object items,
        Loop.@Nullable Again again,
        int depth,
        StringBuilder out) {
      boolean completed = false;
      Loop loop = new Loop(items, again, depth);
      while (loop.advance()) {
        scope.slots[loopSlot] = loop;
        Flow flow = turn(scope, loop.current(), out);
        completed |= flow == Flow.NEXT;
        if (flow == Flow.BREAK) {
          break;
        }
      }
      return completed;
    }

    private Flow turn(Scope scope, @Nullable Object item, StringBuilder out) {
      scope.run.step();
      target.assign(scope, item);
      entry.enter(scope);
      return Statement.all(body, scope, out);
    }
  }

  /** A loop that can be done again for other items, inside of itself. */
  private record RecursiveLoop(
      Function function,
      Scope outer,
      Turns turns,
      BiFunction<Scope, @Nullable Object, @Nullable Object> selection)
      implements Loop.Again {
    @Override
    public String run(@Nullable Object items, int depth) {
      outer.run.enter();
      Scope scope = new Scope(function, outer, outer.run);
      StringBuilder out = new StringBuilder();
      turns.run(scope, selection.apply(outer, items), this, depth, out);
      outer.run.leave();
      return out.toString();
    }
  }
}
