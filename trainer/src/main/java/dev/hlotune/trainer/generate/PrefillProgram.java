package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.PrefillContext;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Runs whole prompts, takes the first token of each answer and keeps the keys and values.
 *
 * <p>Inputs: every weight; {@code tokens} i32 {@code [batch, seq]}, prompts at the right; {@code
 * starts} i32 {@code [batch]}, the place of each prompt's first token; {@code seen}, where there is
 * a penalty; the inputs of the {@link Sampler}. Outputs: the {@link ModelState}.
 *
 * @param program with the inputs and outputs named above
 * @param state what it gives
 * @param turn the length after which the cache is of no use, where there is one
 */
record PrefillProgram(Program program, ModelState state, OptionalInt turn) {
  static PrefillProgram of(Tuning tuning, GenerationShape shape, LogitsChange change) {
    CausalModel model = tuning.model();
    Axis batch = new Axis("batch", shape.rows());
    Axis seq = new Axis("seq", shape.prompt());
    ParamMap<Tensor> weights = tuning.inputs();
    Tensor tokens = Tensors.parameter("tokens", Shape.of(DType.I32, batch, seq));
    Tensor starts = Tensors.parameter("starts", Shape.of(DType.I32, batch));
    Optional<Tensor> seen =
        change.penalty()
            ? Optional.of(
                Tensors.parameter(
                    "seen", Shape.of(DType.I32, batch, new Axis("vocab", model.vocabulary()))))
            : Optional.empty();
    Sampler sampler = Sampler.of(change, batch);

    Tensor places = Tensors.iota(DType.I32, seq).like(tokens);
    Tensor first = starts.like(places);
    Tensor real = places.compare(Comparison.GE, first).convert(DType.I32);
    PrefillContext context = new PrefillContext(real);
    ParamMap<Tensor> cast = tuning.cast(weights);
    Tensor hidden =
        model.hidden(
            cast, new CausalModel.Inputs(tokens, places.minus(first).times(real), context));
    Tensor logits = model.head(cast).logits(hidden.at("seq", shape.prompt() - 1));
    Tensor position = starts.negate().plus(shape.prompt());
    Tensor next = sampler.next(logits, seen, position);
    ModelState state =
        new ModelState(
            next,
            context.layers().stream().map(layer -> layer.padded(shape.slots())).toList(),
            seen.map(before -> Sampler.seenWith(before, next)));

    List<Tensor> inputs = new ArrayList<>(weights.values());
    inputs.addAll(List.of(tokens, starts));
    seen.ifPresent(inputs::add);
    inputs.addAll(sampler.inputs().values());
    return new PrefillProgram(
        new Program("prefill", inputs.stream().map(Program.Input::kept).toList(), state.outputs()),
        state,
        context.turn());
  }
}
