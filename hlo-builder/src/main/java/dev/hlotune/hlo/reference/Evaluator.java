package dev.hlotune.hlo.reference;

import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Computes any graph in plain Java doubles: slow and obvious, the yardstick of every other test.
 *
 * <p>Integer division by zero gives all ones and its remainder the dividend; a float that does not
 * fit an integer saturates; a shift by the width or more gives 0.
 */
public final class Evaluator {
  private Evaluator() {}

  /**
   * The values of {@code outputs}, each with its axes in the order of its tensor's shape, rounded
   * after every operation.
   *
   * @param parameters by name; axes may stand in any order
   */
  public static List<NdArray> evaluate(List<Tensor> outputs, Map<String, NdArray> parameters) {
    return evaluate(outputs, parameters, Precision.PER_DTYPE);
  }

  /** As {@link #evaluate(List, Map)}, with or without rounding. */
  public static List<NdArray> evaluate(
      List<Tensor> outputs, Map<String, NdArray> parameters, Precision precision) {
    Scope scope = new Scope(parameters, precision);
    return scope.run(Graph.sorted(outputs), outputs);
  }

  /**
   * The outputs of a program by name, as its executable would give them.
   *
   * @param inputs one per input of the program, in its order
   */
  public static ParamMap<NdArray> evaluate(Program program, List<NdArray> inputs) {
    List<String> names = program.inputs().stream().map(Program.Input::name).toList();
    Map<String, NdArray> parameters = ParamMap.zip(names, inputs).entries();
    List<Tensor> outputs = program.outputs().stream().map(Program.Output::tensor).toList();
    List<NdArray> values = evaluate(outputs, parameters);
    List<NdArray> ordered = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      ordered.add(values.get(i).ordered(program.outputs().get(i).shape().axes()));
    }
    return ParamMap.zip(program.outputs().stream().map(Program.Output::name).toList(), ordered);
  }

  /** The value of a parameter, checked and in the order of the axes of its shape. */
  static NdArray parameter(Op.Parameter parameter, Map<String, NdArray> given) {
    NdArray value = given.get(parameter.name());
    if (value == null) {
      throw new ShapeException(
          "parameter \"" + parameter.name() + "\": expected a value, got only " + given.keySet());
    }
    Shape expected = parameter.shape();
    if (value.shape().dtype() != expected.dtype() || !value.shape().sameAxes(expected)) {
      throw new ShapeException(
          "parameter \""
              + parameter.name()
              + "\": expected "
              + expected
              + ", got "
              + value.shape());
    }
    return value.ordered(expected.axes());
  }
}
