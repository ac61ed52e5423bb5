package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.Symbols.Identifier;
import dev.hlotune.trainer.jinja.Symbols.Start;
import dev.hlotune.trainer.jinja.python.Missing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A block that is being compiled.
 *
 * @param symbols its names
 * @param parent the block around it
 * @param function the function that it is part of
 * @param resolved the names that any block looks up in what the template is given
 * @param soft whether it is a branch, where an unknown filter is an error only when it is reached
 * @param inLoop whether a loop of this function is around it
 */
record Frame(
    Symbols symbols,
    @Nullable Frame parent,
    Function function,
    Set<String> resolved,
    boolean soft,
    boolean inLoop) {
  /** A block inside, in the same function. */
  Frame inner() {
    return new Frame(new Symbols(symbols), this, function, resolved, false, inLoop);
  }

  /** A block inside that is a function of its own. */
  Frame innerFunction() {
    Function inner = new Function(function.depth + 1);
    return new Frame(new Symbols(symbols), this, inner, resolved, false, false);
  }

  /** The same as the body of a loop. */
  Frame loop() {
    return new Frame(symbols, parent, function, resolved, soft, true);
  }

  /** The same as a branch. */
  Frame branch() {
    return new Frame(symbols, parent, function, resolved, true, inLoop);
  }

  /** Where a variable is held. */
  Slot slot(Identifier identifier) {
    Frame owner = this;
    while (owner.symbols.level != identifier.level()) {
      owner = Objects.requireNonNull(owner.parent);
    }
    return new Slot(function.depth - owner.function.depth, owner.function.slot(identifier));
  }

  /** Where the variable of that name is held. */
  Slot slot(String name) {
    return slot(symbols.get(name));
  }

  /** Gives the variables of this block what they hold when it begins. */
  Entry entry() {
    List<Entry.Action> actions = new ArrayList<>();
    List<Integer> own = new ArrayList<>();
    for (Map.Entry<Identifier, Start> variable : symbols.starts().entrySet()) {
      int slot = function.slot(variable.getKey());
      own.add(slot);
      switch (variable.getValue()) {
        case Start.Parameter _ -> {}
        case Start.Resolved(String name) -> {
          resolved.add(name);
          actions.add(scope -> scope.slots[slot] = scope.run.resolve(name));
        }
        case Start.Copied(Identifier identifier) -> {
          Slot source = slot(identifier);
          actions.add(scope -> scope.slots[slot] = source.get(scope));
        }
        case Start.Undefined _ -> actions.add(scope -> scope.slots[slot] = Missing.VALUE);
      }
    }
    return new Entry(
        actions.toArray(new Entry.Action[0]), own.stream().mapToInt(Integer::intValue).toArray());
  }
}
