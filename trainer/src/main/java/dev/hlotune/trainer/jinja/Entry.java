package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.Missing;

/** What is done when a block begins and when it ends. */
final class Entry {
  /** Sets one variable. */
  interface Action {
    void run(Scope scope);
  }

  private final Action[] actions;
  private final int[] own;

  Entry(Action[] actions, int[] own) {
    this.actions = actions;
    this.own = own;
  }

  void enter(Scope scope) {
    for (Action action : actions) {
      action.run(scope);
    }
  }

  void leave(Scope scope) {
    for (int slot : own) {
      scope.slots[slot] = Missing.VALUE;
    }
  }
}
