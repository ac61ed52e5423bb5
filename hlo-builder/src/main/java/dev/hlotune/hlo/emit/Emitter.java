package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints a program as StableHLO text (StableHLO specification, version 1.13): deterministic, byte
 * for byte, without dead code, each line with the location of the Java line it came from.
 */
public final class Emitter {
  private Emitter() {}

  /** The module's text. */
  public static String emit(Program program) {
    Writer writer = new Writer();
    Scope scope = new Scope(writer);
    List<String> arguments = new ArrayList<>();
    for (Program.Input input : program.inputs()) {
      Tensor parameter = input.parameter();
      Value value =
          new Value("%arg" + arguments.size(), parameter.dtype(), parameter.shape().axes());
      scope.put(parameter, value);
      String donation =
          input.donatedTo() < 0
              ? ""
              : " {tf.aliasing_output = " + input.donatedTo() + " : " + DType.I32.mlir() + "}";
      arguments.add(
          value.name() + ": " + value.type() + donation + " loc(\"" + input.name() + "\")");
    }
    List<String> types =
        program.outputs().stream()
            .map(output -> Value.type(output.shape().dtype(), output.shape().axes()))
            .toList();
    writer.open(
        "module @"
            + program.name()
            + " attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} {");
    writer.open(
        "func.func public @main("
            + String.join(", ", arguments)
            + ") -> ("
            + String.join(", ", types)
            + ") {");
    new NodeEmitter(writer, scope)
        .emitAll(program.outputs().stream().map(Program.Output::tensor).toList());
    List<Value> results =
        program.outputs().stream()
            .map(output -> scope.in(output.tensor(), output.shape().axes()))
            .toList();
    writer.line("return " + Writer.names(results) + " : " + Writer.types(results));
    writer.close("}");
    writer.close("}");
    return writer.toString();
  }
}
