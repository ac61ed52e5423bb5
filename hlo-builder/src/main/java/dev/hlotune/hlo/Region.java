package dev.hlotune.hlo;

import java.util.List;
import java.util.function.Function;

/**
 * A function inside the graph: the body of a loop or of a rematerialized block.
 *
 * <p>The body may mention any tensor from outside. What does not depend on the region's own
 * parameters is not part of the body: it is computed once, outside, and listed in {@link
 * #captured}. Loop-invariant code therefore never stands in a loop.
 *
 * @param parameters nodes of {@link Op.Argument}
 * @param results what the function returns
 * @param captured tensors from outside that the body uses, in order of first use
 */
public record Region(List<Tensor> parameters, List<Tensor> results, List<Tensor> captured) {
  public Region {
    parameters = List.copyOf(parameters);
    results = List.copyOf(results);
    captured = List.copyOf(captured);
  }

  /** A region with the given results; what it captures is worked out. */
  public static Region of(List<Tensor> parameters, List<Tensor> results) {
    return new Region(parameters, results, Graph.captured(parameters, results));
  }

  /** Makes fresh parameters of the given shapes and traces {@code body} over them. */
  public static Region trace(List<Shape> shapes, Function<List<Tensor>, List<Tensor>> body) {
    List<Tensor> parameters = shapes.stream().map(Tensor::argument).toList();
    return of(parameters, body.apply(parameters));
  }
}
