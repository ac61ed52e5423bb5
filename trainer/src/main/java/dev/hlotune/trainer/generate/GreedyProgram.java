package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.BinaryKind;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Op.ReduceKind;
import dev.hlotune.hlo.Op.UnaryKind;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.List;

/**
 * Greedy answers to a batch of prompts, the loop over tokens on the device: it ends when every row
 * has ended. The whole row is run again for every token; there is no cache of keys.
 *
 * <p>Inputs: every weight; {@code tokens} i32 {@code [batch, seq]}, prompts at the left; {@code
 * lengths} i32 {@code [batch]}, of the prompts; {@code limits} i32 {@code [batch]}, the length at
 * which a row ends at the latest; {@code ends} i32 {@code [batch]}, the id that ends it. Outputs:
 * tokens and lengths with what was added, the ending id included.
 */
final class GreedyProgram {
  private GreedyProgram() {}

  static Program of(Tuning tuning, Bucket bucket) {
    CausalModel model = tuning.model();
    Axis batch = new Axis("batch", bucket.rows());
    Axis seq = new Axis("seq", bucket.length());
    Shape perRow = Shape.of(DType.I32, batch);
    ParamMap<Tensor> weights = tuning.inputs();
    Tensor tokens = Tensors.parameter("tokens", Shape.of(DType.I32, batch, seq));
    Tensor lengths = Tensors.parameter("lengths", perRow);
    Tensor limits = Tensors.parameter("limits", perRow);
    Tensor ends = Tensors.parameter("ends", perRow);
    ParamMap<Tensor> cast = tuning.cast(weights);
    Tensor places = Tensors.iota(DType.I32, seq).like(tokens);

    List<Tensor> end =
        Tensors.whileLoop(
            List.of(tokens, lengths, lengths.compare(Comparison.LT, limits)),
            state -> state.get(2).reduce(ReduceKind.MAX, "batch"),
            state -> {
              Tensor now = state.get(0);
              Tensor at = state.get(1);
              Tensor open = state.get(2);
              // What is not written yet is not of the document: its length may matter to a model.
              Tensor written = places.compare(Comparison.LT, at.like(places)).convert(DType.I32);
              Tensor hidden = model.hidden(cast, new CausalModel.Inputs(now, places, written));
              Tensor last = places.compare(Comparison.EQ, at.minus(1).like(places));
              Tensor lastHidden =
                  last.convert(hidden.dtype()).like(hidden).times(hidden).sum("seq");
              Tensor next = largest(model.head(cast).logits(lastHidden));
              Tensor here = places.compare(Comparison.EQ, at.like(places)).and(open.like(places));
              Tensor longer = at.plus(open.convert(DType.I32));
              Tensor goesOn =
                  open.and(next.compare(Comparison.EQ, ends).unary(UnaryKind.NOT))
                      .binary(BinaryKind.AND, longer.compare(Comparison.LT, limits));
              return List.of(here.select(next.like(now), now), longer, goesOn);
            });
    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(weight -> inputs.add(Program.Input.kept(weight)));
    for (Tensor input : List.of(tokens, lengths, limits, ends)) {
      inputs.add(Program.Input.kept(input));
    }
    return new Program(
        "greedy",
        inputs,
        List.of(Program.Output.of("tokens", end.get(0)), Program.Output.of("lengths", end.get(1))));
  }

  /** The id of the largest logit, the first among equals. */
  private static Tensor largest(Tensor logits) {
    Axis vocabulary = logits.axis("vocab");
    Tensor ids = Tensors.iota(DType.I32, vocabulary).like(logits);
    Tensor none = Tensors.fill(ids.shape(), vocabulary.size() - 1);
    return logits
        .compare(Comparison.EQ, logits.max("vocab").like(logits))
        .select(ids, none)
        .reduce(ReduceKind.MIN, "vocab");
  }
}
