package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.grad.Gradient;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.NdArray;
import dev.hlotune.hlo.reference.Precision;
import dev.hlotune.trainer.CompiledProgram;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random graphs: what the plugin computes from the emitted text is what the evaluator computes.
 * {@code -Dhlotune.random.graphs=1000} tries more of them.
 */
class RandomGraphTest {
  private static final int OPERATIONS = 30;

  static LongStream seeds() {
    return LongStream.range(0, Integer.getInteger("hlotune.random.graphs", 25));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void pluginEqualsEvaluator(long seed) {
    RandomGraph graph = RandomGraph.of(seed, OPERATIONS);
    List<Node> results = graph.results();
    Program program = graph.program(results.stream().map(Node::tensor).toList());
    List<NdArray> expected = Evaluator.evaluate(program, graph.inputs()).values();
    List<NdArray> got = run(program, graph.inputs());
    for (int i = 0; i < results.size(); i++) {
      check(results.get(i), expected.get(i), got.get(i));
    }
  }

  /**
   * The same of gradients. How far rounding moves them is measured: it is the difference between
   * the evaluator with and without rounding.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void pluginEqualsEvaluatorInGradients(long seed) {
    RandomGraph graph = RandomGraph.of(seed, OPERATIONS);
    List<Tensor> floats =
        graph.parameters().stream().filter(parameter -> parameter.dtype().isFloat()).toList();
    Gradient.Result result = Gradient.of(graph.loss(), List.of(), floats);
    Program program = graph.program(result.gradients());
    Map<String, NdArray> inputs =
        ParamMap.zip(program.inputs().stream().map(Program.Input::name).toList(), graph.inputs())
            .entries();
    List<NdArray> exact = Evaluator.evaluate(result.gradients(), inputs, Precision.EXACT);
    List<NdArray> rounded = Evaluator.evaluate(result.gradients(), inputs);
    List<NdArray> got = run(program, graph.inputs());
    for (int i = 0; i < got.size(); i++) {
      double size = difference(exact.get(i), NdArray.filled(exact.get(i).shape(), 0));
      double rounding = difference(exact.get(i), rounded.get(i));
      double tolerance = 8 * rounding + 1e-5 * Math.max(1, size);
      double error = difference(exact.get(i), got.get(i));
      assertTrue(
          error <= tolerance,
          "gradient by " + floats.get(i) + ": off by " + error + ", rounding is " + rounding);
    }
  }

  /** Together the graphs hold every operation, or they would prove less than they seem to. */
  @Test
  void holdEveryOperation() {
    Set<Class<?>> missing = new HashSet<>(Arrays.asList(Op.class.getPermittedSubclasses()));
    missing.remove(Op.Argument.class);
    seeds()
        .forEach(seed -> {
          RandomGraph graph = RandomGraph.of(seed, OPERATIONS);
          List<Tensor> roots = graph.results().stream().map(Node::tensor).toList();
          Graph.sorted(roots).forEach(op -> missing.remove(op.getClass()));
        });
    assertEquals(Set.of(), missing);
  }

  private static void check(Node node, NdArray expected, NdArray got) {
    for (int i = 0; i < expected.values().length; i++) {
      double wanted = expected.values()[i];
      double value = got.values()[i];
      // Both may be off by the error, on either side.
      boolean close =
          Math.abs(wanted - value) <= 2 * node.error() || Double.compare(wanted, value) == 0;
      assertTrue(
          close || wanted == value,
          () -> node.tensor() + ": expected " + wanted + ", got " + value + " +- " + node.error());
      assertTrue(
          !node.isFloat() || Math.abs(wanted) <= node.bound() + node.error() + 1e-6,
          () -> node + ": expected within its bound, got " + wanted);
    }
  }

  private static double difference(NdArray left, NdArray right) {
    double largest = 0;
    for (int i = 0; i < left.values().length; i++) {
      double difference = Math.abs(left.values()[i] - right.values()[i]);
      largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
    }
    return largest;
  }

  private static List<NdArray> run(Program program, List<NdArray> inputs) {
    List<String> names = program.inputs().stream().map(Program.Input::name).toList();
    return CompiledProgram.run(program, ParamMap.zip(names, inputs)).values();
  }
}
