package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.reference.NdArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * A random graph by seed: a pool of tensors that grows by random operations on random members.
 * Beside every tensor stands how far two right ways of computing it may differ, so that a
 * comparison needs no tolerance found by trying.
 */
final class RandomGraph {
  private static final int MOST_ELEMENTS = 300;
  private static final int MOST_AXES = 4;

  private final Random random;
  private final RandomElementwise elementwise;
  private final RandomMovement movement;
  private final RandomRegions regions;
  private final List<Node> pool = new ArrayList<>();
  private final List<Tensor> parameters = new ArrayList<>();
  private final List<NdArray> values = new ArrayList<>();

  private RandomGraph(long seed) {
    random = new Random(seed);
    elementwise = new RandomElementwise(random);
    movement = new RandomMovement(random);
    regions = new RandomRegions(random, movement);
  }

  /** A graph of the given number of operations over all element types. */
  static RandomGraph of(long seed, int operations) {
    RandomGraph graph = new RandomGraph(seed);
    graph.addParameters();
    while (operations > 0) {
      if (graph.grow()) {
        operations--;
      }
    }
    return graph;
  }

  List<NdArray> inputs() {
    return values;
  }

  List<Tensor> parameters() {
    return parameters;
  }

  /** Every tensor made by an operation. */
  List<Node> results() {
    return pool.subList(parameters.size(), pool.size());
  }

  /** A scalar in which every float takes part, each within 1 of zero. */
  Tensor loss() {
    Tensor sum = Tensors.scalar(DType.F32, 0);
    for (Node node : results()) {
      if (node.isFloat()) {
        sum = sum.plus(node.tensor().tanh().convert(DType.F32).total());
      }
    }
    return sum;
  }

  Program program(List<Tensor> outputs) {
    List<Program.Output> named = new ArrayList<>();
    for (Tensor output : outputs) {
      named.add(Program.Output.of("out" + named.size(), output));
    }
    return new Program("random", parameters.stream().map(Program.Input::kept).toList(), named);
  }

  private void addParameters() {
    Axis a = new Axis("a", 2);
    Axis b = new Axis("b", 3);
    Axis c = new Axis("c", 4);
    add(Shape.of(DType.F32, a, b));
    add(Shape.of(DType.F32, c, a));
    add(Shape.of(DType.F32, b, c, a));
    add(Shape.of(DType.F32));
    add(Shape.of(DType.I32, a, c));
    add(Shape.of(DType.I32, b));
    add(Shape.of(DType.U32, b, a));
    add(Shape.of(DType.BOOL, a, b));
  }

  private void add(Shape shape) {
    double[] elements = new double[(int) shape.elements()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] =
          switch (shape.dtype()) {
            case F32 -> (float) (4 * random.nextDouble() - 2);
            case BOOL -> random.nextInt(2);
            case U32 -> Integer.toUnsignedLong(random.nextInt());
            default -> random.nextBoolean() ? random.nextInt(9) - 4 : random.nextInt();
          };
    }
    Tensor parameter = Tensors.parameter("p" + parameters.size(), shape);
    parameters.add(parameter);
    values.add(new NdArray(shape, elements));
    pool.add(Node.exact(parameter, 2));
  }

  /** One more operation, if what was drawn fits together and stays small. */
  private boolean grow() {
    Node x = any(_ -> true);
    List<Node> made =
        switch (random.nextInt(18)) {
          case 0, 1 -> List.of(elementwise.unary(x));
          case 2, 3 -> List.of(elementwise.binary(x, alike(x)));
          case 4 -> selected(x);
          case 5 -> List.of(elementwise.convert(x));
          case 6 -> List.of(elementwise.bitcast(x));
          case 7, 8 -> List.of(movement.move(x));
          case 9 -> List.of(ranked(x) ? movement.take(x) : x);
          case 10 -> List.of(ranked(x) && isNumber(x) ? movement.scatterAdd(x) : x);
          case 11 -> List.of(ranked(x) ? movement.reduce(x) : x);
          case 12 -> List.of(isNumber(x) ? movement.dot(x, any(y -> sameType(x, y))) : x);
          case 13 ->
              ranked(x) && x.isExact() && isNumber(x) ? movement.sort(x, alike(x)) : List.of();
          case 14, 16 -> looped(x);
          case 15 -> List.of(ranked(x) && isNumber(x) ? movement.positions(x) : x);
          default -> List.of(x.isFloat() ? regions.wrapped(x) : x);
        };
    boolean grown = false;
    for (Node node : made) {
      if (pool.stream().noneMatch(known -> known.tensor() == node.tensor()) && isSmall(node)) {
        pool.add(node.isFloat() && node.bound() > 16 ? RandomElementwise.squashed(node) : node);
        grown = true;
      }
    }
    return grown;
  }

  private List<Node> selected(Node x) {
    Node key = any(node -> node.isExact() && isNumber(node));
    Node mask = elementwise.compare(key, alike(key));
    Node fitted = RandomMovement.fit(mask, x.tensor().shape().axes());
    return List.of(mask, elementwise.select(fitted, x, alike(x)));
  }

  private List<Node> looped(Node x) {
    if (!x.isFloat()) {
      return List.of();
    }
    Node captured = any(y -> sameType(x, y));
    Node sequence = any(y -> sameType(x, y) && ranked(y));
    return switch (random.nextInt(3)) {
      case 0 -> regions.scan(x, sequence, captured);
      case 1 -> List.of(regions.whileLoop(x, captured));
      default -> List.of(regions.checkpoint(x, captured));
    };
  }

  /** Another tensor of the same type, brought to the same axes; its exactness is as drawn. */
  private Node alike(Node x) {
    Node other = any(y -> sameType(x, y) && (!x.isExact() || y.isExact()));
    return RandomMovement.fit(other, x.tensor().shape().axes());
  }

  private Node any(Predicate<Node> wanted) {
    List<Node> candidates = pool.stream().filter(wanted).toList();
    if (candidates.isEmpty()) {
      return pool.getFirst();
    }
    // The youngest are drawn more often, so that graphs grow deep.
    int back = (int) (candidates.size() * Math.pow(random.nextDouble(), 1.5));
    return candidates.get(candidates.size() - 1 - Math.min(back, candidates.size() - 1));
  }

  private static boolean isSmall(Node node) {
    Shape shape = node.tensor().shape();
    return shape.elements() <= MOST_ELEMENTS
        && shape.rank() <= MOST_AXES
        && node.error() <= 0.1 * Math.max(1, node.bound());
  }

  private static boolean ranked(Node node) {
    return node.tensor().shape().rank() > 0;
  }

  private static boolean isNumber(Node node) {
    return node.tensor().dtype() != DType.BOOL;
  }

  private static boolean sameType(Node x, Node y) {
    return x.tensor().dtype() == y.tensor().dtype();
  }
}
