package dev.hlotune.hlo;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Floating-point operations of matrix products, which are nearly all of a model's: two for each
 * element of a result and each element summed over. Elementwise work is not counted.
 */
public final class Flops {
  private final long trips;

  private Flops(long trips) {
    this.trips = trips;
  }

  /**
   * The operations of a program.
   *
   * @param trips how often the body of a loop runs whose number of rounds only the device knows
   */
  public static long of(Program program, long trips) {
    return new Flops(trips)
        .of(
            program.outputs().stream().map(Program.Output::tensor).toList(),
            Graph.tensorSet(List.of()));
  }

  private long of(Collection<Tensor> roots, Set<Tensor> known) {
    long sum = 0;
    for (Op op : Graph.sorted(roots, known::contains)) {
      sum = Math.addExact(sum, of(op));
    }
    return sum;
  }

  /** What a region captures is computed outside of it. */
  private long of(Region region) {
    return of(region.results(), Graph.tensorSet(region.captured()));
  }

  private long of(Op op) {
    return switch (op) {
      case Op.Dot(Tensor left, Tensor right, List<String> contracted, _) -> {
        long product = 2 * left.shape().elements();
        for (Axis axis : right.shape().axes()) {
          if (!left.shape().has(axis.name()) && !contracted.contains(axis.name())) {
            product = Math.multiplyExact(product, axis.size());
          }
        }
        yield product;
      }
      case Op.Scan scan -> Math.multiplyExact(scan.axis().size(), of(scan.body()));
      case Op.While loop -> Math.multiplyExact(trips, of(loop.body()));
      case Op.Checkpoint block -> of(block.body());
      default -> 0;
    };
  }
}
