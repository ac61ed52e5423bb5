package dev.hlotune.trainer.adapter;

import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.nn.LowRank;

/** Adapters' weights between the rank that files have and the rank that a program has room for. */
final class Ranks {
  private Ranks() {}

  /** A shape with another rank; one without that axis stays. */
  static Shape withRank(Shape shape, int rank) {
    return shape.has(LowRank.RANK)
        ? shape.replace(LowRank.RANK, shape.axis(LowRank.RANK).sized(rank))
        : shape;
  }

  /**
   * Values in another rank: of the ranks that both have the same, of the others zero.
   *
   * @param values row-major, of the shape with rank {@code from}
   * @param shape of the weight, with either rank
   */
  static float[] resized(float[] values, Shape shape, int from, int to) {
    if (from == to || !shape.has(LowRank.RANK)) {
      return values;
    }
    int inner = 1;
    int outer = 1;
    int place = shape.indexOf(LowRank.RANK);
    for (int i = 0; i < shape.rank(); i++) {
      int size = shape.axes().get(i).size();
      if (i < place) {
        outer *= size;
      } else if (i > place) {
        inner *= size;
      }
    }
    float[] result = new float[outer * to * inner];
    for (int i = 0; i < outer; i++) {
      System.arraycopy(
          values, i * from * inner, result, i * to * inner, Math.min(from, to) * inner);
    }
    return result;
  }
}
