package dev.hlotune.trainer;

import dev.hlotune.hlo.reference.NdArray;
import java.util.function.IntPredicate;

/** How far a tensor is from the one expected, in units of the expected one's size. */
public final class RelativeError {
  private RelativeError() {}

  /**
   * The greater of two: |got - expected| / |expected| in the Euclidean norm and in the maximum
   * norm; where all that is expected is 0, the norm of what was got. NaN if either has one.
   */
  public static double of(double[] expected, double[] got, IntPredicate compared) {
    double square = 0;
    double squareOfDifference = 0;
    double greatest = 0;
    double greatestDifference = 0;
    for (int i = 0; i < expected.length; i++) {
      if (compared.test(i)) {
        double difference = got[i] - expected[i];
        square += expected[i] * expected[i];
        squareOfDifference += difference * difference;
        greatest = Math.max(greatest, Math.abs(expected[i]));
        greatestDifference = Math.max(greatestDifference, Math.abs(difference));
      }
    }
    return square == 0
        ? Math.sqrt(squareOfDifference)
        : Math.max(Math.sqrt(squareOfDifference / square), greatestDifference / greatest);
  }

  /** The same over all elements of two arrays of equal shape. */
  public static double of(NdArray expected, NdArray got) {
    return of(expected.values(), got.ordered(expected.shape().axes()).values(), _ -> true);
  }
}
