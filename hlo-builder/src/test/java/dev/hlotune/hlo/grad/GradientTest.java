package dev.hlotune.hlo.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.Graph;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Region;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.Evaluator;
import dev.hlotune.hlo.reference.Precision;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every operation's gradient against central differences over the evaluator. */
class GradientTest {
  @TestFactory
  Stream<DynamicTest> agreesWithCentralDifferences() {
    return tests(testCase -> {
      ParamMap<Tensor> parameters = testCase.parameters();
      Tensor loss = testCase.loss(parameters);
      Gradient.Result result = Gradient.of(loss, List.of(), parameters.values());
      ParamMap<Tensor> gradients = ParamMap.zip(parameters.names(), result.gradients());
      CentralDifferences.check(loss, gradients, testCase.point());
      assertEquals(value(loss, testCase), value(result.value(), testCase), "value kept");
    });
  }

  /** A gradient is ordinary graph. */
  @TestFactory
  Stream<DynamicTest> canBeDifferentiatedAgain() {
    return tests(testCase -> {
      ParamMap<Tensor> parameters = testCase.parameters();
      Tensor loss = testCase.loss(parameters);
      Tensor sum =
          GradientCase.weightedSum(Gradient.of(loss, List.of(), parameters.values()).gradients());
      ParamMap<Tensor> second =
          ParamMap.zip(
              parameters.names(), Gradient.of(sum, List.of(), parameters.values()).gradients());
      CentralDifferences.check(sum, second, testCase.point());
    });
  }

  /** A new record under {@link Op}, or a new kind, fails here until it has a case. */
  @Test
  void hasACaseForEveryOperation() {
    Set<Object> expected = new HashSet<>(Arrays.asList(Op.class.getPermittedSubclasses()));
    expected.addAll(List.of(Op.UnaryKind.values()));
    expected.addAll(List.of(Op.BinaryKind.values()));
    expected.addAll(List.of(Op.Comparison.values()));
    expected.addAll(List.of(Op.ReduceKind.values()));
    Set<Object> covered = new HashSet<>();
    for (GradientCase testCase : cases()) {
      cover(testCase.loss(testCase.parameters()), covered);
    }
    expected.removeAll(covered);
    assertEquals(Set.of(), expected, "operations without a gradient case");
  }

  private static Stream<DynamicTest> tests(Consumer<GradientCase> test) {
    return cases().stream()
        .map(testCase -> DynamicTest.dynamicTest(testCase.name(), () -> test.accept(testCase)));
  }

  private static List<GradientCase> cases() {
    return Stream.of(ElementwiseCases.all(), MovementCases.all(), RegionCases.all())
        .flatMap(Collection::stream)
        .toList();
  }

  private static double value(Tensor tensor, GradientCase testCase) {
    return Evaluator.evaluate(List.of(tensor), testCase.point().entries(), Precision.EXACT)
        .getFirst()
        .scalar();
  }

  private static void cover(Tensor root, Set<Object> covered) {
    Deque<List<Tensor>> pending = new ArrayDeque<>(List.of(List.of(root)));
    while (!pending.isEmpty()) {
      for (Op op : Graph.sorted(pending.removeFirst())) {
        covered.add(op.getClass());
        switch (op) {
          case Op.Unary unary -> covered.add(unary.kind());
          case Op.Binary binary -> covered.add(binary.kind());
          case Op.Compare compare -> covered.add(compare.comparison());
          case Op.Reduce reduce -> covered.add(reduce.kind());
          case Op.Scan scan -> pending.add(results(scan.body()));
          case Op.While loop -> pending.add(results(loop.body()));
          case Op.Checkpoint block -> pending.add(results(block.body()));
          default -> {}
        }
      }
    }
  }

  private static List<Tensor> results(Region region) {
    return region.results();
  }
}
