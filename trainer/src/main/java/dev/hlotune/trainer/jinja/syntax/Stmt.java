package dev.hlotune.trainer.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement. */
public sealed interface Stmt extends Node {
  @Override
  default List<Node> children() {
    List<Node> nodes = new ArrayList<>();
    switch (this) {
      case Data _, Break _, Continue _ -> {}
      case Print(Expr value, int _) -> nodes.add(value);
      case For s -> {
        nodes.add(s.target);
        nodes.add(s.iterable);
        nodes.addAll(s.body);
        nodes.addAll(s.otherwise);
        if (s.test != null) {
          nodes.add(s.test);
        }
      }
      case If s -> {
        nodes.add(s.test);
        nodes.addAll(s.body);
        nodes.addAll(s.branches);
        nodes.addAll(s.otherwise);
      }
      case Set s -> {
        nodes.add(s.target);
        nodes.add(s.value);
      }
      case SetBlock s -> {
        nodes.add(s.target);
        if (s.filter != null) {
          nodes.add(s.filter);
        }
        nodes.addAll(s.body);
      }
      case With s -> {
        nodes.addAll(s.targets);
        nodes.addAll(s.values);
        nodes.addAll(s.body);
      }
      case Macro s -> {
        nodes.addAll(s.parameters.children());
        nodes.addAll(s.body);
      }
      case CallBlock s -> {
        nodes.add(s.call);
        nodes.addAll(s.parameters.children());
        nodes.addAll(s.body);
      }
      case FilterBlock s -> {
        nodes.addAll(s.body);
        nodes.add(s.filter);
      }
      case Generation s -> nodes.addAll(s.body);
    }
    return nodes;
  }

  /**
   * Text that is written as it is.
   *
   * @param text the text
   */
  record Data(String text) implements Stmt {}

  /**
   * {@code {{ value }}}.
   *
   * @param value the value
   * @param line its line
   */
  record Print(Expr value, int line) implements Stmt {}

  /**
   * A loop.
   *
   * @param target what each item is assigned to
   * @param iterable the items
   * @param test which items are taken, if not all
   * @param body what is done for each
   * @param otherwise what is done where there is none
   * @param recursive whether {@code loop(…)} does it again
   * @param line its line
   */
  record For(
      Target target,
      Expr iterable,
      @Nullable Expr test,
      List<Stmt> body,
      List<Stmt> otherwise,
      boolean recursive,
      int line)
      implements Stmt {}

  /**
   * A choice.
   *
   * @param test the condition
   * @param body what is done where it is true
   * @param branches the same for each {@code elif}
   * @param otherwise what is done where none is true
   * @param line its line
   */
  record If(Expr test, List<Stmt> body, List<If> branches, List<Stmt> otherwise, int line)
      implements Stmt {}

  /**
   * {@code {% set target = value %}}.
   *
   * @param target the target
   * @param value the value
   * @param line its line
   */
  record Set(Target target, Expr value, int line) implements Stmt {}

  /**
   * {@code {% set target %}…{% endset %}}.
   *
   * @param target the target
   * @param filter what the text goes through, if anything
   * @param body what writes the text
   * @param line its line
   */
  record SetBlock(Target target, Expr.@Nullable Filtered filter, List<Stmt> body, int line)
      implements Stmt {}

  /**
   * Variables for a block.
   *
   * @param targets the variables
   * @param values their values
   * @param body the block
   * @param line its line
   */
  record With(List<Target> targets, List<Expr> values, List<Stmt> body, int line) implements Stmt {}

  /**
   * A macro.
   *
   * @param name its name
   * @param parameters its parameters
   * @param body what it writes
   * @param line its line
   */
  record Macro(String name, MacroParameters parameters, List<Stmt> body, int line)
      implements Stmt {}

  /**
   * {@code {% call(parameters) call %}…{% endcall %}}.
   *
   * @param call the call
   * @param parameters the parameters of the block
   * @param body the block
   * @param line its line
   */
  record CallBlock(Expr.Call call, MacroParameters parameters, List<Stmt> body, int line)
      implements Stmt {}

  /**
   * A block whose text goes through filters.
   *
   * @param filter the outermost filter
   * @param body the block
   * @param line its line
   */
  record FilterBlock(Expr.Filtered filter, List<Stmt> body, int line) implements Stmt {}

  /**
   * {@code {% generation %}…{% endgeneration %}}.
   *
   * @param body the block
   * @param line its line
   */
  record Generation(List<Stmt> body, int line) implements Stmt {}

  /**
   * Ends the loop.
   *
   * @param line its line
   */
  record Break(int line) implements Stmt {}

  /**
   * Goes on with the next item of the loop.
   *
   * @param line its line
   */
  record Continue(int line) implements Stmt {}
}
