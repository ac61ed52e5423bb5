package dev.hlotune.trainer.jinja;

/** A compiled statement. */
interface Statement {
  /** Executes it, writing to {@code out}; says how to go on. */
  Flow execute(Scope scope, StringBuilder out);

  /** How to go on after a statement. */
  enum Flow {
    /** With the next one. */
    NEXT,
    /** After the loop. */
    BREAK,
    /** With the next item of the loop. */
    CONTINUE
  }

  /** Executes one after the other, up to one that does not go on with the next. */
  static Flow all(Statement[] statements, Scope scope, StringBuilder out) {
    for (Statement statement : statements) {
      Flow flow = statement.execute(scope, out);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }
}
