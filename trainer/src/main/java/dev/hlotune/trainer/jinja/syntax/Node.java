package dev.hlotune.trainer.jinja.syntax;

import java.util.List;

/** A node of the tree. */
public sealed interface Node permits Expr, Stmt, Target {
  /** The nodes below it, in the order in which Jinja looks at them. */
  List<Node> children();
}
