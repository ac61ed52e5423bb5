package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.syntax.Expr;
import dev.hlotune.trainer.jinja.syntax.MacroParameters;
import dev.hlotune.trainer.jinja.syntax.Node;
import dev.hlotune.trainer.jinja.syntax.Stmt;
import dev.hlotune.trainer.jinja.syntax.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the names that a block reads and sets, in order, without those of blocks inside it. */
final class SymbolFinder {
  private SymbolFinder() {}

  static void addAll(Symbols symbols, List<? extends Node> nodes) {
    nodes.forEach(node -> add(symbols, node));
  }

  static void add(Symbols symbols, Node node) {
    switch (node) {
      case Expr.Name(String name) -> symbols.load(name);
      case Target.Variable(String name, int _) -> symbols.store(name);
      case Target.Member(String name, String _) -> symbols.load(name);
      case Stmt.If choice -> addChoice(symbols, choice);
      case Stmt.Macro macro -> symbols.store(macro.name());
      case Stmt.For loop -> add(symbols, loop.iterable());
      case Stmt.CallBlock block -> add(symbols, block.call());
      case Stmt.Generation _ -> {}
      case Stmt.FilterBlock block -> add(symbols, block.filter());
      case Stmt.With block -> addAll(symbols, block.values());
      case Stmt.SetBlock block -> add(symbols, block.target());
      case Stmt.Set set -> {
        add(symbols, set.value());
        add(symbols, set.target());
      }
      default -> addAll(symbols, node.children());
    }
  }

  private static void addChoice(Symbols symbols, Stmt.If choice) {
    add(symbols, choice.test());
    List<Symbols> branches = List.of(symbols.copy(), symbols.copy(), symbols.copy());
    addAll(branches.get(0), choice.body());
    addAll(branches.get(1), choice.branches());
    addAll(branches.get(2), choice.otherwise());
    symbols.join(branches);
  }

  /** Declares what a target assigns as parameters. */
  static void declare(Symbols symbols, Target target) {
    switch (target) {
      case Target.Variable(String name, int _) -> symbols.declare(name);
      case Target.Unpacked(List<Target> items) -> items.forEach(item -> declare(symbols, item));
      case Target.Member(String name, String _) -> symbols.load(name);
    }
  }

  /** Declares the parameters of a macro, and adds what their defaults read. */
  static void declare(Symbols symbols, MacroParameters parameters) {
    parameters.names().forEach(name -> symbols.declare(name.name()));
    addAll(symbols, parameters.defaults());
  }

  /** Which of those names are read before they are set, blocks inside included. */
  static Set<String> undeclared(List<? extends Node> nodes, String... names) {
    Set<String> sought = new HashSet<>(Set.of(names));
    Set<String> found = new HashSet<>();
    nodes.forEach(node -> undeclared(node, sought, found));
    return found;
  }

  private static void undeclared(Node node, Set<String> sought, Set<String> found) {
    switch (node) {
      case Expr.Name(String name) -> {
        if (sought.contains(name)) {
          found.add(name);
        }
      }
      case Target.Variable(String name, int _) -> sought.remove(name);
      default -> node.children().forEach(child -> undeclared(child, sought, found));
    }
  }
}
