package dev.hlotune.hlo.emit;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints a program as StableHLO text (StableHLO specification, version 1.13): deterministic, byte
 * for byte, without dead code, each line with the location of the Java line it came from.
 */
public final class Emitter {
  private Emitter() {}

  /** The module's text, for one device. */
  public static String emit(Program program) {
    return emit(program, Partitioning.none());
  }

  /**
   * The module's text, with the placement of each input and output on a mesh of devices.
   *
   * @throws ShapeException if the placements are not those of the program's inputs and outputs
   */
  public static String emit(Program program, Partitioning partitioning) {
    partitioning.check(program);
    Writer writer = new Writer();
    Scope scope = new Scope(writer, partitioning);
    List<String> arguments = new ArrayList<>();
    for (Program.Input input : program.inputs()) {
      Tensor parameter = input.parameter();
      Value value =
          new Value("%arg" + arguments.size(), parameter.dtype(), parameter.shape().axes());
      scope.put(parameter, value);
      List<String> attributes = new ArrayList<>(partitioning.input(input));
      if (input.donatedTo() >= 0) {
        attributes.add("tf.aliasing_output = " + input.donatedTo() + " : " + DType.I32.mlir());
      }
      arguments.add(
          value.name()
              + ": "
              + value.type()
              + braced(attributes)
              + " loc(\""
              + input.name()
              + "\")");
    }
    List<String> types =
        program.outputs().stream()
            .map(output ->
                Value.type(output.shape().dtype(), output.shape().axes())
                    + braced(partitioning.output(output)))
            .toList();
    writer.open(
        "module @"
            + program.name()
            + " attributes {mhlo.num_partitions = "
            + partitioning.devices()
            + " : i32, mhlo.num_replicas = 1 : i32} {");
    partitioning.declaration().forEach(writer::line);
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

  private static String braced(List<String> attributes) {
    return attributes.isEmpty() ? "" : " {" + String.join(", ", attributes) + "}";
  }
}
