package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Missing;
import dev.hlotune.trainer.jinja.python.Undefined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled macro, or a compiled block of a call.
 *
 * @param name its name; null for a block
 * @param function where its variables are
 * @param parameters the names of its parameters
 * @param slots where they are
 * @param defaults their values where an argument is missing, null where there is none
 * @param caller where {@code caller} is, or -1 if it is not used or is a parameter
 * @param kwargs where {@code kwargs} is, or -1
 * @param varargs where {@code varargs} is, or -1
 * @param usesCaller whether it uses {@code caller} at all
 * @param entry what begins it
 * @param body what it writes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and on the path of every call
record MacroDefinition(
    @Nullable String name,
    Function function,
    List<String> parameters,
    int[] slots,
    @Nullable Expression[] defaults,
    int caller,
    int kwargs,
    int varargs,
    boolean usesCaller,
    Entry entry,
    Statement[] body) {
  /** What it writes in a scope that holds its arguments. */
  String run(Scope scope) {
    Run run = scope.run;
    int line = run.line;
    run.enter();
    entry.enter(scope);
    for (int i = 0; i < slots.length; i++) {
      if (scope.slots[slots[i]] == Missing.VALUE) {
        Expression byDefault = defaults[i];
        scope.slots[slots[i]] =
            byDefault == null
                ? Undefined.because("parameter '" + parameters.get(i) + "' was not provided")
                : byDefault.evaluate(scope);
      }
    }
    StringBuilder out = new StringBuilder();
    Statement.all(body, scope, out);
    run.leave();
    run.line = line;
    return out.toString();
  }
}
