package dev.hlotune.hlo;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A whole graph with its inputs and outputs in a fixed order, ready to be emitted.
 *
 * @param name becomes the module's name
 * @param inputs parameters, in the order in which buffers are passed
 * @param outputs results, in the order in which buffers come back
 */
public record Program(String name, List<Input> inputs, List<Output> outputs) {
  /**
   * One input.
   *
   * @param parameter a node of {@link Op.Parameter}
   * @param donatedTo position of the output that reuses its memory, or -1
   */
  public record Input(Tensor parameter, int donatedTo) {
    public Input {
      if (!(parameter.op() instanceof Op.Parameter)) {
        throw new ShapeException("program input: expected a parameter, got " + parameter);
      }
    }

    /** An input that keeps its memory. */
    public static Input kept(Tensor parameter) {
      return new Input(parameter, -1);
    }

    public String name() {
      return ((Op.Parameter) parameter.op()).name();
    }
  }

  /**
   * One output; its axes lie in memory in the order of {@code shape}.
   *
   * @param name what a caller looks it up by
   * @param tensor its value
   * @param shape the axes of {@code tensor}, in the order wanted
   */
  public record Output(String name, Tensor tensor, Shape shape) {
    public Output {
      if (!tensor.shape().sameAxes(shape) || tensor.dtype() != shape.dtype()) {
        throw new ShapeException(
            "output \"" + name + "\": expected " + shape + ", got " + tensor.shape());
      }
    }

    public static Output of(String name, Tensor tensor) {
      return new Output(name, tensor, tensor.shape());
    }
  }

  public Program {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    Set<String> names = new HashSet<>();
    for (Input input : inputs) {
      if (!names.add(input.name())) {
        throw new ShapeException("program input: expected distinct names, got " + input.name());
      }
      if (input.donatedTo() >= 0) {
        Output output = outputs.get(input.donatedTo());
        if (!output.shape().equals(input.parameter().shape())) {
          throw new ShapeException(
              "input \""
                  + input.name()
                  + "\" donated to output \""
                  + output.name()
                  + "\": expected "
                  + output.shape()
                  + ", got "
                  + input.parameter().shape());
        }
      }
    }
    Set<Tensor> given = Graph.tensorSet(inputs.stream().map(Input::parameter).toList());
    for (Op op : Graph.sorted(outputs.stream().map(Output::tensor).toList(), given::contains)) {
      if (op instanceof Op.Parameter(String missing, Shape shape)) {
        throw new ShapeException(
            "program \""
                + name
                + "\": expected every parameter among its inputs, got \""
                + missing
                + "\" "
                + shape
                + " besides");
      }
    }
  }
}
