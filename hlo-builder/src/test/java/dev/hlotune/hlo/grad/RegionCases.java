package dev.hlotune.hlo.grad;

import static dev.hlotune.hlo.grad.Points.any;
import static dev.hlotune.hlo.grad.Points.axis;
import static dev.hlotune.hlo.grad.Points.index;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.Tensors.Step;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.reference.NdArray;
import java.util.ArrayList;
import java.util.List;

/** Cases for the operations that contain a graph. */
final class RegionCases {
  private static final Axis N = axis("n", 3);
  private static final Axis I = axis("i", 2);
  private static final Axis J = axis("j", 2);

  private RegionCases() {}

  static List<GradientCase> all() {
    List<GradientCase> cases = new ArrayList<>();
    for (Remat remat : Remat.values()) {
      scans(cases, remat);
      checkpoints(cases, remat);
    }
    customVjps(cases);
    cases.add(
        GradientCase.of(
            "StopGradient of what is not differentiated by",
            any(I),
            x -> x.times(Tensors.fill(x.shape(), 3).exp().stopGradient())));
    cases.add(
        GradientCase.of(
            "While over integers beside",
            any(I),
            x -> {
              Tensor count =
                  Tensors.whileLoop(
                          List.of(x.total().convert(DType.I32)),
                          s -> s.getFirst().compare(Comparison.LT, index(5)),
                          s -> List.of(s.getFirst().plus(2)))
                      .getFirst();
              return x.exp().times(count.convert(DType.F32).like(x));
            }));
    return cases;
  }

  private static ParamMap<NdArray> point() {
    return ParamMap.zip(
        List.of("carry", "xs", "w", "b"), List.of(any(I), any(N, J), any(I, J), any(I)));
  }

  /** carry' = tanh(W carry + x) * b, y = carry * x; a layer in small. */
  private static Step layers(ParamMap<Tensor> in, Remat remat) {
    // Computed once outside, and so captured.
    Tensor bias = in.get("b").exp();
    return Tensors.scan(
        N,
        List.of(in.get("carry"), index(0)),
        List.of(in.get("xs")),
        remat,
        (carry, slices) -> {
          Tensor state = carry.getFirst();
          Tensor x = slices.getFirst();
          Tensor count = carry.get(1).plus(1);
          Tensor hidden = state.dot(in.get("w"), "i").plus(x).tanh();
          Tensor next = hidden.dot(in.get("w"), "j").times(bias);
          Tensor scaled = next.times(count.convert(DType.F32).times(0.3).like(next));
          return new Step(List.of(scaled, count), List.of(state.times(in.get("b")), count, hidden));
        });
  }

  private static void scans(List<GradientCase> cases, Remat remat) {
    cases.add(
        new GradientCase(
            "Scan " + remat,
            point(),
            in -> {
              Step step = layers(in, remat);
              return List.of(
                  step.carry().getFirst(), step.stacked().getFirst().exp(), step.stacked().get(2));
            }));
    cases.add(
        new GradientCase(
            "Scan, carry alone used " + remat,
            point(),
            in -> List.of(layers(in, remat).carry().getFirst())));
    cases.add(
        new GradientCase(
            "Scan, one stack used " + remat,
            point(),
            in -> List.of(layers(in, remat).stacked().get(2))));
    cases.add(
        new GradientCase(
            "Scan backwards " + remat,
            point(),
            in -> {
              Op.Scan scan = (Op.Scan) layers(in, remat).carry().getFirst().op();
              List<Tensor> results =
                  Tensors.node(
                      new Op.Scan(N, scan.initial(), scan.sequences(), scan.body(), true, remat));
              return List.of(results.get(0), results.get(2));
            }));
    cases.add(
        new GradientCase(
            "Scan after a Scan " + remat,
            point(),
            in -> {
              Step first = layers(in, remat);
              Step second =
                  layers(
                      in.plus("carry", first.carry().getFirst()).plus("xs", first.stacked().get(2)),
                      remat);
              return List.of(second.carry().getFirst(), second.stacked().get(2));
            }));
    cases.add(
        new GradientCase(
            "Scan whose body gives back what it got " + remat,
            ParamMap.zip(List.of("c", "xs", "o"), List.of(any(I), any(N, I), any(I))),
            in -> {
              Step step =
                  Tensors.scan(
                      N,
                      List.of(in.get("c"), in.get("o")),
                      List.of(in.get("xs")),
                      remat,
                      (carry, x) ->
                          new Step(
                              List.of(carry.get(1), x.getFirst()),
                              List.of(carry.get(0), carry.get(0), in.get("o"), x.getFirst())));
              List<Tensor> all = new ArrayList<>(step.carry());
              all.addAll(step.stacked());
              return all.stream().map(Tensor::exp).toList();
            }));
    cases.add(nested(remat));
  }

  /** Rows of a table, and within each row its elements, with tensors of every level around. */
  private static GradientCase nested(Remat remat) {
    return new GradientCase(
        "Scan in a Scan " + remat,
        ParamMap.zip(List.of("c", "table", "w"), List.of(any(I), any(N, J, I), any(I))),
        in -> {
          Tensor outside = in.get("w").exp();
          Step step =
              Tensors.scan(
                  N,
                  List.of(in.get("c")),
                  List.of(in.get("table")),
                  remat,
                  (carry, rows) -> {
                    Tensor between = carry.getFirst().unary(UnaryKind.SIN);
                    Step inner =
                        Tensors.scan(
                            J,
                            List.of(carry.getFirst()),
                            List.of(rows.getFirst()),
                            remat,
                            (state, x) -> {
                              Tensor next =
                                  state
                                      .getFirst()
                                      .times(between)
                                      .plus(x.getFirst().times(outside))
                                      .tanh();
                              return new Step(List.of(next), List.of(next.times(in.get("w"))));
                            });
                    return new Step(inner.carry(), List.of(inner.stacked().getFirst(), between));
                  });
          return List.of(
              step.carry().getFirst(), step.stacked().get(0).exp(), step.stacked().get(1));
        });
  }

  private static void checkpoints(List<GradientCase> cases, Remat remat) {
    cases.add(
        new GradientCase(
            "Checkpoint " + remat,
            point(),
            in -> {
              Tensor bias = in.get("b").exp();
              List<Tensor> results =
                  Tensors.checkpoint(
                      remat,
                      List.of(in.get("carry"), in.get("w"), index(3)),
                      block -> {
                        Tensor hidden = block.get(0).times(bias).dot(block.get(1), "i").tanh();
                        Tensor scale = block.get(2).convert(DType.F32).like(hidden);
                        return List.of(hidden.times(scale), block.get(0), bias);
                      });
              return results.stream().map(Tensor::exp).toList();
            }));
    cases.add(
        new GradientCase(
            "Checkpoint in a Scan " + remat,
            point(),
            in -> {
              Tensor bias = in.get("b").exp();
              Step step =
                  Tensors.scan(
                      N,
                      List.of(in.get("carry")),
                      List.of(in.get("xs")),
                      Remat.EVERYTHING,
                      (carry, x) ->
                          new Step(
                              Tensors.checkpoint(
                                  remat,
                                  List.of(carry.getFirst(), x.getFirst()),
                                  block -> {
                                    Tensor hidden =
                                        block
                                            .get(0)
                                            .dot(in.get("w"), "i")
                                            .plus(block.get(1))
                                            .tanh();
                                    return List.of(hidden.dot(in.get("w"), "j").times(bias));
                                  }),
                              List.of(carry.getFirst().unary(UnaryKind.SIN))));
              return List.of(step.carry().getFirst(), step.stacked().getFirst());
            }));
  }

  private static void customVjps(List<GradientCase> cases) {
    cases.add(
        GradientCase.of(
            "CustomVjp that is right",
            any(I),
            any(I),
            (x, y) ->
                Tensors.customVjp(
                        List.of(x, y),
                        List.of(x.times(y.exp()), y.unary(UnaryKind.SIN)),
                        ct ->
                            List.of(
                                ct.get(0).times(y.exp()),
                                ct.get(0)
                                    .times(x)
                                    .times(y.exp())
                                    .plus(ct.get(1).times(y.unary(UnaryKind.COS)))))
                    .stream()
                    .reduce(Tensor::times)
                    .orElseThrow()));
    cases.add(
        GradientCase.of(
            "CustomVjp in a Scan",
            any(I),
            any(N, I),
            (x, y) ->
                Tensors.scan(
                        N,
                        List.of(x),
                        List.of(y),
                        Remat.NOTHING,
                        (carry, slices) -> {
                          Tensor c = carry.getFirst();
                          Tensor product = c.times(slices.getFirst()).tanh();
                          return new Step(
                              Tensors.customVjp(
                                  List.of(c, slices.getFirst()),
                                  List.of(product),
                                  ct -> {
                                    Tensor inner =
                                        ct.getFirst().times(product.square().negate().plus(1));
                                    return List.of(inner.times(slices.getFirst()), inner.times(c));
                                  }),
                              List.of());
                        })
                    .carry()
                    .getFirst()));
  }
}
