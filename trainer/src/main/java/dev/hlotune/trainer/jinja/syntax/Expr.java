package dev.hlotune.trainer.jinja.syntax;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression. */
public sealed interface Expr extends Node {
  @Override
  default List<Node> children() {
    return switch (this) {
      case Constant _, Name _ -> List.of();
      case TupleOf(List<Expr> items) -> List.copyOf(items);
      case ListOf(List<Expr> items) -> List.copyOf(items);
      case DictOf(List<Expr> keysAndValues) -> List.copyOf(keysAndValues);
      case Conditional e -> present(e.test, e.then, e.otherwise);
      case Binary e -> List.of(e.left, e.right);
      case Unary e -> List.of(e.operand);
      case Concatenation(List<Expr> parts) -> List.copyOf(parts);
      case Comparison e -> with(e.first, e.others);
      case Attribute e -> List.of(e.object);
      case Item e -> List.of(e.object, e.key);
      case Slice e -> present(e.object, e.start, e.stop, e.step);
      case Call e -> with(e.function, e.arguments.all());
      case Filtered e -> with(e.object, e.arguments.all());
      case Tested e -> with(e.object, e.arguments.all());
    };
  }

  private static List<Node> present(@Nullable Node... nodes) {
    return Arrays.stream(nodes)
        .<Node>mapMulti((node, next) -> {
          if (node != null) {
            next.accept(node);
          }
        })
        .toList();
  }

  private static List<Node> with(@Nullable Node first, List<Expr> others) {
    List<Node> nodes = new ArrayList<>();
    if (first != null) {
      nodes.add(first);
    }
    nodes.addAll(others);
    return nodes;
  }

  /**
   * A literal.
   *
   * @param value its value
   */
  record Constant(@Nullable Object value) implements Expr {}

  /**
   * A variable.
   *
   * @param name its name
   */
  record Name(String name) implements Expr {}

  /**
   * A tuple.
   *
   * @param items its items
   */
  record TupleOf(List<Expr> items) implements Expr {}

  /**
   * A list.
   *
   * @param items its items
   */
  record ListOf(List<Expr> items) implements Expr {}

  /**
   * A dict.
   *
   * @param keysAndValues each key, and its value after it
   */
  record DictOf(List<Expr> keysAndValues) implements Expr {}

  /**
   * {@code then if test else otherwise}.
   *
   * @param test the condition
   * @param then the value where it is true
   * @param otherwise the value where it is not, if there is one
   * @param line its line
   */
  record Conditional(Expr test, Expr then, @Nullable Expr otherwise, int line) implements Expr {}

  /**
   * An operator with two sides: {@code + - * / // % **}, or {@code and}, {@code or}.
   *
   * @param operator the operator
   * @param left its left side
   * @param right its right side
   */
  record Binary(String operator, Expr left, Expr right) implements Expr {}

  /**
   * {@code not}, {@code -} or {@code +} before a value.
   *
   * @param operator the operator
   * @param operand the value
   */
  record Unary(String operator, Expr operand) implements Expr {}

  /**
   * {@code a ~ b}.
   *
   * @param parts what is put together
   */
  record Concatenation(List<Expr> parts) implements Expr {}

  /**
   * A chain of comparisons, {@code a < b <= c}.
   *
   * @param first the first value
   * @param operators the operators, {@code in} and {@code not in} among them
   * @param others the values after them
   */
  record Comparison(Expr first, List<String> operators, List<Expr> others) implements Expr {}

  /**
   * {@code object.name}.
   *
   * @param object the object
   * @param name the name
   */
  record Attribute(Expr object, String name) implements Expr {}

  /**
   * {@code object[key]}.
   *
   * @param object the object
   * @param key the key
   */
  record Item(Expr object, Expr key) implements Expr {}

  /**
   * {@code object[start:stop:step]}.
   *
   * @param object the object
   * @param start the first index
   * @param stop the index before which it ends
   * @param step from one index to the next
   */
  record Slice(Expr object, @Nullable Expr start, @Nullable Expr stop, @Nullable Expr step)
      implements Expr {}

  /**
   * A call.
   *
   * @param function what is called
   * @param arguments the arguments
   */
  record Call(Expr function, CallArguments arguments) implements Expr {}

  /**
   * {@code object|name(arguments)}.
   *
   * @param object the object; null where it is the text of a block
   * @param name the filter
   * @param arguments the arguments
   * @param line its line
   */
  record Filtered(@Nullable Expr object, String name, CallArguments arguments, int line)
      implements Expr {}

  /**
   * {@code object is name(arguments)}.
   *
   * @param object the object
   * @param name the test
   * @param arguments the arguments
   * @param line its line
   */
  record Tested(Expr object, String name, CallArguments arguments, int line) implements Expr {}
}
