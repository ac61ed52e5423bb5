package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lines of StableHLO text: indentation, fresh names and the location of the current node. */
final class Writer {
  private final StringBuilder text = new StringBuilder();
  private int indent;
  private int names;
  private Source source = new Source("program", 1);

  /** Node whose lines follow; its location ends each of them. */
  void at(Source source) {
    this.source = source;
  }

  Source source() {
    return source;
  }

  String fresh() {
    return "%" + names++;
  }

  /** {@code %n = line}, as a value of the given type. */
  Value define(DType dtype, List<Axis> order, String line) {
    Value value = new Value(fresh(), dtype, order);
    line(value.name() + " = " + line + location());
    return value;
  }

  /** One operation from values to one value, in the common form {@code op a, b : (…) -> …}. */
  Value apply(DType dtype, List<Axis> order, String op, List<Value> operands, String attributes) {
    return define(
        dtype,
        order,
        op
            + " "
            + names(operands)
            + attributes
            + " : ("
            + types(operands)
            + ") -> "
            + Value.type(dtype, order));
  }

  /** The values behind a point across which the compiler moves and merges nothing. */
  List<Value> barrier(List<Value> values) {
    String name = fresh();
    String count = values.size() == 1 ? "" : ":" + values.size();
    line(
        name
            + count
            + " = stablehlo.optimization_barrier "
            + names(values)
            + " : "
            + types(values)
            + location());
    return numbered(name, values);
  }

  /** The results of an operation that has as many as there are values, and of their types. */
  static List<Value> numbered(String name, List<Value> like) {
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < like.size(); i++) {
      Value value = like.get(i);
      String own = like.size() == 1 ? name : name + "#" + i;
      results.add(new Value(own, value.dtype(), value.order()));
    }
    return results;
  }

  void line(String line) {
    text.append("  ".repeat(indent)).append(line).append('\n');
  }

  /** Opens a block: the line, then everything deeper until {@link #close}. */
  void open(String line) {
    line(line);
    indent++;
  }

  void close(String line) {
    indent--;
    line(line);
  }

  /** Closes one block and opens the next on the same line. */
  void next(String line) {
    close(line);
    indent++;
  }

  String location() {
    return " loc(\"" + source.file() + "\":" + source.line() + ":1)";
  }

  static String names(List<Value> values) {
    return values.stream().map(Value::name).collect(Collectors.joining(", "));
  }

  static String types(List<Value> values) {
    return values.stream().map(Value::type).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
