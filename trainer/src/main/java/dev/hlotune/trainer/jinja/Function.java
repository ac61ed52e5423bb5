package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.Symbols.Identifier;
import java.util.HashMap;
import java.util.Map;

/** A function that is compiled: which slot holds which variable. */
final class Function {
  /** How many functions it lies in. */
  final int depth;

  private final Map<Identifier, Integer> slots = new HashMap<>();

  Function(int depth) {
    this.depth = depth;
  }

  int slot(Identifier identifier) {
    return slots.computeIfAbsent(identifier, _ -> slots.size());
  }

  int size() {
    return slots.size();
  }
}
