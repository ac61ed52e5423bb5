package dev.hlotune.hlo.golden;

import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The programs whose text is kept under {@code src/test/resources/golden}. */
public final class Programs {
  private Programs() {}

  /** One for each operation. */
  public static List<Program> operations() {
    return Stream.of(
            ElementwisePrograms.all(), AxisPrograms.all(), PartPrograms.all(), LoopPrograms.all())
        .flatMap(List::stream)
        .toList();
  }

  /** Those of tiny models. */
  public static List<Program> models() {
    return ModelPrograms.all();
  }

  /** All of them; the names are distinct. */
  public static List<Program> all() {
    return Stream.concat(operations().stream(), models().stream()).toList();
  }

  /** A program with the given outputs; its inputs are the parameters among what they need. */
  static Program of(String name, List<Tensor> outputs) {
    List<Program.Input> inputs = new ArrayList<>();
    List<Tensor> seen = new ArrayList<>();
    for (Op op : Graph.sorted(outputs)) {
      for (Tensor operand : Graph.operands(op)) {
        if (operand.op() instanceof Op.Parameter && !seen.contains(operand)) {
          seen.add(operand);
          inputs.add(Program.Input.kept(operand));
        }
      }
    }
    List<Program.Output> named = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      named.add(Program.Output.of("result" + i, outputs.get(i)));
    }
    return new Program(name, inputs, named);
  }

  static Program of(String name, Tensor... outputs) {
    return of(name, List.of(outputs));
  }
}
