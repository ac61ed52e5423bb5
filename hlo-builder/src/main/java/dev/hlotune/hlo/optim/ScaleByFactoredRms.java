package dev.hlotune.hlo.optim;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.LayerStack;
import dev.hlotune.hlo.nn.ParamMap;
import java.util.List;

/**
 * Adafactor's direction (Shazeer and Stern 2018, algorithm 4) as {@code
 * transformers.optimization.Adafactor} computes it: the gradient over the root of its running mean
 * square, which for a matrix is kept as the means of rows and of columns, then held to a root mean
 * square of {@code clipThreshold}.
 *
 * <p>State: for each matrix one f32 per row and one per column, for a vector one per element; the
 * number of steps done as an i32 scalar. Layers of a stacked weight have nothing to do with one
 * another; of a weight with more than two axes the last two are the matrix.
 *
 * @param eps added to the square of the gradient
 * @param decayRate below 0: the mean keeps {@code 1 - step^decayRate} of itself
 * @param clipThreshold the largest root mean square of a direction, above 0
 */
public record ScaleByFactoredRms(double eps, double decayRate, double clipThreshold)
    implements GradientTransformation {
  private static final String ROWS = "adafactor.row.";
  private static final String COLUMNS = "adafactor.column.";
  private static final String ELEMENTS = "adafactor.v.";
  private static final String COUNT = "adafactor.count";

  public ScaleByFactoredRms {
    if (!(eps >= 0 && decayRate < 0 && clipThreshold > 0)) {
      throw new ShapeException(
          "adafactor: expected eps of at least 0, a decay rate below 0 and a clip threshold above 0,"
              + " got "
              + eps
              + ", "
              + decayRate
              + ", "
              + clipThreshold);
    }
  }

  @Override
  public ParamMap<Shape> init(ParamMap<Shape> parameters) {
    ParamMap<Shape> single = parameters.map(shape -> shape.withDtype(DType.F32));
    ParamMap<Shape> matrices = single.subset((_, shape) -> isMatrix(shape));
    return matrices
        .map(shape -> shape.without(List.of(column(shape))))
        .prefixed(ROWS)
        .plus(matrices.map(shape -> shape.without(List.of(row(shape)))).prefixed(COLUMNS))
        .plus(single.subset((_, shape) -> !isMatrix(shape)).prefixed(ELEMENTS))
        .plus(COUNT, Shape.of(DType.I32));
  }

  @Override
  public Result update(ParamMap<Tensor> updates, ParamMap<Tensor> state, Context context) {
    Tensor count = state.get(COUNT).plus(1);
    // step^decayRate, the part of the mean that is new; all of it at the first step.
    Tensor fresh = count.convert(DType.F32).log().times(decayRate).exp();
    ParamMap<Tensor> after = ParamMap.empty();
    ParamMap<Tensor> directions = ParamMap.empty();
    for (String name : updates.names()) {
      Tensor gradient = updates.get(name);
      Shape stored = context.parameters().get(name).shape();
      Tensor square = gradient.square().plus(eps);
      Tensor factor;
      if (isMatrix(stored)) {
        String row = row(stored);
        String column = column(stored);
        Tensor rows = mixed(state.get(ROWS + name), square.mean(column), fresh);
        Tensor columns = mixed(state.get(COLUMNS + name), square.mean(row), fresh);
        after = after.plus(ROWS + name, rows).plus(COLUMNS + name, columns);
        Tensor mean = rows.mean(row);
        factor =
            rows.dividedBy(mean.like(rows))
                .rsqrt()
                .like(gradient)
                .times(columns.rsqrt().like(gradient));
      } else {
        Tensor mean = mixed(state.get(ELEMENTS + name), square, fresh);
        after = after.plus(ELEMENTS + name, mean);
        factor = mean.rsqrt();
      }
      directions = directions.plus(name, clipped(factor.times(gradient)));
    }
    return new Result(directions, after.plus(COUNT, count), ParamMap.empty());
  }

  private Tensor clipped(Tensor direction) {
    Tensor excess = rms(direction).times(1 / clipThreshold);
    Tensor one = Tensors.fill(excess.shape(), 1);
    return direction.dividedBy(Tensors.maximum(excess, one).like(direction));
  }

  private static Tensor mixed(Tensor mean, Tensor square, Tensor fresh) {
    return mean.plus(square.minus(mean).times(fresh.like(mean)));
  }

  /** The root mean square of each layer's weight: a scalar, or one number for each layer. */
  static Tensor rms(Tensor tensor) {
    List<String> axes =
        tensor.shape().names().stream().filter(name -> !name.equals(LayerStack.AXIS)).toList();
    double elements = 1;
    for (String axis : axes) {
      elements *= tensor.axis(axis).size();
    }
    return tensor.square().sum(axes.toArray(String[]::new)).times(1 / elements).sqrt();
  }

  private static boolean isMatrix(Shape shape) {
    return shape.without(List.of(LayerStack.AXIS)).rank() >= 2;
  }

  private static String row(Shape shape) {
    return shape.names().get(shape.rank() - 2);
  }

  private static String column(Shape shape) {
    return shape.names().getLast();
  }
}
