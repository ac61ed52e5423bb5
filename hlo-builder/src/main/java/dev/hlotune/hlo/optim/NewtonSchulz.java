package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Tensor;

/**
 * Brings all singular values of a matrix near 1 (Jordan et al. 2024, "Muon: An optimizer for hidden
 * layers in neural networks"): a quintic Newton-Schulz iteration on the matrix over its Frobenius
 * norm. The singular values end between about 0.7 and 1.2.
 *
 * @param steps of the iteration
 * @param compute the type of the products
 */
record NewtonSchulz(int steps, DType compute) {
  private static final double LINEAR = 3.4445;
  private static final double CUBIC = -4.7750;
  private static final double QUINTIC = 2.0315;
  private static final double EPS = 1e-7;

  /** Stands beside the row axis in products of the matrix with itself. */
  private static final String OTHER = "newton_schulz_row";

  private static final String INNER = "newton_schulz_inner";

  /**
   * The matrix over two axes, for every position of the other axes on its own.
   *
   * @param row iterated on from its side unless it is the longer one
   */
  Tensor apply(Tensor matrix, String row, String column) {
    boolean tall = matrix.axis(row).size() > matrix.axis(column).size();
    String narrow = tall ? column : row;
    String wide = tall ? row : column;
    Tensor x = matrix.convert(compute);
    Tensor norm = x.convert(DType.F32).square().sum(row, column).sqrt();
    x = x.dividedBy(norm.convert(compute).plus(EPS).like(x));
    for (int i = 0; i < steps; i++) {
      Tensor gram = x.dot(x.rename(narrow, OTHER), wide);
      Tensor square = gram.rename(OTHER, INNER).dot(gram.rename(narrow, INNER), INNER);
      Tensor factor = gram.times(CUBIC).plus(square.times(QUINTIC));
      x = x.times(LINEAR).plus(factor.dot(x.rename(narrow, OTHER), OTHER));
    }
    return x.convert(DType.F32);
  }
}
