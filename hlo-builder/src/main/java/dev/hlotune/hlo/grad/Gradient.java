package dev.hlotune.hlo.grad;

import dev.hlotune.hlo.Rewriter;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Reverse-mode differentiation of a scalar (Griewank and Walther, "Evaluating Derivatives", 2008,
 * chapter 3). The gradient is ordinary graph, so it can be emitted, evaluated or differentiated
 * again.
 */
public final class Gradient {
  private Gradient() {}

  /**
   * What a differentiated graph gives.
   *
   * @param value the scalar
   * @param auxiliary the other tensors asked for
   * @param gradients one per tensor differentiated by, of its shape; zeros where the scalar does
   *     not depend on it
   */
  public record Result(Tensor value, List<Tensor> auxiliary, List<Tensor> gradients) {
    public Result {
      auxiliary = List.copyOf(auxiliary);
      gradients = List.copyOf(gradients);
    }
  }

  /**
   * Differentiates {@code value}. Use the value and the auxiliary tensors of the result instead of
   * those passed in: a loop among them may have been exchanged for one that keeps what the backward
   * pass needs.
   *
   * @param value a floating-point scalar
   * @param auxiliary further tensors wanted from the same forward pass
   * @param by floating-point tensors that the scalar depends on
   * @throws ShapeException if the value is no floating-point scalar, or a {@code While} or another
   *     operation without a gradient lies in between
   */
  public static Result of(Tensor value, List<Tensor> auxiliary, List<Tensor> by) {
    if (value.shape().rank() != 0 || !value.dtype().isFloat()) {
      throw new ShapeException("gradient: expected a floating-point scalar, got " + value.shape());
    }
    Pullback pullback = new Pullback(List.of(value), by);
    List<Tensor> wanted = new ArrayList<>();
    wanted.add(value);
    wanted.addAll(auxiliary);
    wanted.addAll(pullback.pull(List.of(Tensors.scalar(value.dtype(), 1))));
    Rewriter rewriter = pullback.rewriter();
    List<Tensor> rewritten = rewriter.rewrite(wanted);
    int gradients = 1 + auxiliary.size();
    return new Result(
        rewritten.getFirst(),
        rewritten.subList(1, gradients),
        rewritten.subList(gradients, rewritten.size()));
  }
}
