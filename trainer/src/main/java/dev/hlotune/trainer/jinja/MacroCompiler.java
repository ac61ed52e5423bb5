package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.syntax.MacroParameters;
import dev.hlotune.trainer.jinja.syntax.Stmt;
import dev.hlotune.trainer.jinja.syntax.SyntaxErrors;
import dev.hlotune.trainer.jinja.syntax.Target;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles macros, and the blocks of calls, which are macros without a name. */
final class MacroCompiler {
  private MacroCompiler() {}

  static MacroDefinition compile(
      @Nullable String name, MacroParameters parameters, List<Stmt> body, int line, Frame outer) {
    Frame frame = outer.innerFunction();
    Symbols symbols = frame.symbols();
    SymbolFinder.declare(symbols, parameters);
    SymbolFinder.addAll(symbols, body);

    List<String> names = parameters.names().stream().map(Target.Variable::name).toList();
    Set<String> used = SymbolFinder.undeclared(body, "caller", "kwargs", "varargs");
    boolean explicitCaller = names.contains("caller");
    if (used.contains("caller") && explicitCaller) {
      if (parameters.byDefault(names.indexOf("caller")) == null) {
        throw SyntaxErrors.at(line, "the parameter 'caller' must have a default, or be left out");
      }
    }
    int caller = special("caller", used.contains("caller") && !explicitCaller, frame);
    int kwargs = special("kwargs", used.contains("kwargs") && !names.contains("kwargs"), frame);
    int varargs = special("varargs", used.contains("varargs") && !names.contains("varargs"), frame);

    int[] slots = names.stream().mapToInt(parameter -> frame.slot(parameter).index()).toArray();
    @Nullable Expression[] defaults = new @Nullable Expression[names.size()];
    for (int i = 0; i < defaults.length; i++) {
      defaults[i] = ExpressionCompiler.compileOrNull(parameters.byDefault(i), frame);
    }
    Entry entry = frame.entry();
    Statement[] statements = StatementCompiler.compileAll(body, frame);
    return new MacroDefinition(
        name,
        frame.function(),
        names,
        slots,
        defaults,
        caller,
        kwargs,
        varargs,
        used.contains("caller"),
        entry,
        statements);
  }

  private static int special(String name, boolean used, Frame frame) {
    return used ? frame.slot(frame.symbols().declare(name)).index() : -1;
  }
}
