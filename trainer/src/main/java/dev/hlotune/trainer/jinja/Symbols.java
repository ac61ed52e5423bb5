package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.source.DataException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of one block: which are its own, and what each own one holds when the block begins.
 *
 * <p>The rules are those by which Jinja2 turns a template into Python, so that a template that
 * leans on an oddity of them means the same here: a name that is set in only one branch is looked
 * up before; one that is set in a loop starts each turn with the value from outside.
 */
final class Symbols {
  /** A variable of the block on a level. */
  record Identifier(int level, String name) {}

  /** What a variable holds when its block begins. */
  sealed interface Start {
    /** An argument, or what a loop gives. */
    record Parameter() implements Start {}

    /** What the template was given by that name, or a global. */
    record Resolved(String name) implements Start {}

    /** What a variable further out holds. */
    record Copied(Identifier source) implements Start {}

    /** Nothing. */
    record Undefined() implements Start {}
  }

  final int level;
  private final @Nullable Symbols parent;
  private final Map<String, Identifier> names;
  private final Map<Identifier, Start> starts;
  private final Set<String> stored;

  private Symbols(
      @Nullable Symbols parent,
      Map<String, Identifier> names,
      Map<Identifier, Start> starts,
      Set<String> stored) {
    this.level = parent == null ? 0 : parent.level + 1;
    this.parent = parent;
    this.names = names;
    this.starts = starts;
    this.stored = stored;
  }

  Symbols(@Nullable Symbols parent) {
    this(parent, new HashMap<>(), new LinkedHashMap<>(), new HashSet<>());
  }

  /** The same for a branch, to be brought together by {@link #join}. */
  Symbols copy() {
    return new Symbols(
        parent, new HashMap<>(names), new LinkedHashMap<>(starts), new HashSet<>(stored));
  }

  Map<Identifier, Start> starts() {
    return starts;
  }

  private Identifier define(String name, Start start) {
    Identifier identifier = new Identifier(level, name);
    names.put(name, identifier);
    starts.put(identifier, start);
    return identifier;
  }

  private @Nullable Identifier find(String name) {
    Identifier own = names.get(name);
    return own != null || parent == null ? own : parent.find(name);
  }

  /** The variable that a name stands for. */
  Identifier get(String name) {
    Identifier identifier = find(name);
    if (identifier == null) {
      throw new DataException("the name '" + name + "' cannot be used in this place");
    }
    return identifier;
  }

  /** A name that is read. */
  void load(String name) {
    if (find(name) == null) {
      define(name, new Start.Resolved(name));
    }
  }

  /** A name that is set. */
  void store(String name) {
    stored.add(name);
    if (!names.containsKey(name)) {
      Identifier outer = parent == null ? null : parent.find(name);
      define(name, outer == null ? new Start.Undefined() : new Start.Copied(outer));
    }
  }

  /** A parameter. */
  Identifier declare(String name) {
    stored.add(name);
    return define(name, new Start.Parameter());
  }

  /** Brings the branches of a choice together. */
  void join(List<Symbols> branches) {
    Set<String> added = new HashSet<>();
    branches.forEach(branch -> added.addAll(branch.stored));
    added.removeAll(stored);
    for (Symbols branch : branches) {
      names.putAll(branch.names);
      starts.putAll(branch.starts);
      stored.addAll(branch.stored);
    }
    for (String name : added) {
      Identifier outer = parent == null ? null : parent.find(name);
      starts.put(get(name), outer == null ? new Start.Resolved(name) : new Start.Copied(outer));
    }
  }
}
