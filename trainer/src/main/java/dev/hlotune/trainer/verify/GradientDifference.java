package dev.hlotune.trainer.verify;

import java.util.List;

/**
 * How far a gradient is from the one expected, at the parameter where it is farthest.
 *
 * @param relative the greater of |got - expected| / |expected| in the Euclidean and in the maximum
 *     norm over one parameter; NaN where either gradient has a NaN
 * @param parameter the name of that parameter
 */
public record GradientDifference(double relative, String parameter) {
  /**
   * A parameter whose gradient is smaller than this part of the middle one's is measured against
   * that. The bias of attention's keys, for one, has gradient 0 but for rounding, since the softmax
   * does not see it: against itself, rounding would be compared with rounding.
   */
  private static final double FLOOR = 0.1;

  /**
   * What is summed over one parameter.
   *
   * @param elements how many there are
   * @param square Σ expected²
   * @param squareOfDifference Σ (got - expected)²
   * @param greatest max |expected|
   * @param greatestDifference max |got - expected|
   */
  record Sums(
      long elements,
      double square,
      double squareOfDifference,
      double greatest,
      double greatestDifference) {

    /** The root of the mean square of what is expected. */
    double size() {
      return Math.sqrt(square / (double) elements);
    }

    double relative(double floor) {
      double euclidean = Math.sqrt(squareOfDifference);
      double norm = Math.max(Math.sqrt(square), floor * Math.sqrt((double) elements));
      double maximum = Math.max(greatest, floor);
      // Math.max hands on a NaN; where all that is expected is 0, what was got is the error.
      return norm == 0 ? euclidean : Math.max(euclidean / norm, greatestDifference / maximum);
    }
  }

  /** The greatest difference, or the first that is NaN. */
  static GradientDifference of(List<String> names, List<Sums> sums) {
    double[] sizes = sums.stream().mapToDouble(Sums::size).sorted().toArray();
    double floor = FLOOR * sizes[sizes.length / 2];
    double[] relative = sums.stream().mapToDouble(one -> one.relative(floor)).toArray();
    int worst = 0;
    for (int i = 1; i < relative.length && !Double.isNaN(relative[worst]); i++) {
      worst = relative[i] <= relative[worst] ? worst : i;
    }
    return new GradientDifference(relative[worst], names.get(worst));
  }

  /** The worst of several. */
  static GradientDifference worst(List<GradientDifference> all) {
    GradientDifference worst = all.getFirst();
    for (GradientDifference one : all) {
      if (Double.isNaN(worst.relative)) {
        break;
      }
      worst = one.relative <= worst.relative ? worst : one;
    }
    return worst;
  }
}
