package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Op.Comparison;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.DecodeContext;
import dev.hlotune.hlo.nn.KeyValues;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.hlo.nn.PrefillContext;
import dev.hlotune.hlo.nn.Spread;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Programs for whoever takes tokens himself: prompts whole, then one token of every row at a time,
 * each giving the logits of what comes next. {@link GenerationEngine} has programs of its own,
 * which take the tokens too and add many in one run.
 *
 * @param prefill inputs: every weight; {@code tokens} i32 {@code [batch, seq]}, prompts at the
 *     right; {@code starts} i32 {@code [batch]}, the place of each prompt's first token. Outputs:
 *     {@code cache.N.keys} and {@code cache.N.values} of each layer; {@code logits} f32 {@code
 *     [batch, vocab]}
 * @param decode inputs: every weight; the cache, donated; {@code token} i32 {@code [batch]}; {@code
 *     slot} i32, its place, which is the same in all rows: the prompts' length at first; {@code
 *     starts}. Outputs: as of {@code prefill}
 * @param turn the length of a row after which the cache is of no use and the row has to be run
 *     whole again, where there is one
 */
public record ServingPrograms(Program prefill, Program decode, OptionalInt turn) {
  /** What names of keys and values begin with. */
  public static final String CACHE = "cache.";

  private static final String LOGITS = "logits";

  /**
   * Programs of some shapes.
   *
   * @param rows prompts at a time
   * @param prompt places for a prompt's tokens
   * @param slots places of the cache, for prompts and answers
   * @throws IllegalArgumentException if there is no place for an answer
   */
  public static ServingPrograms of(Tuning tuning, int rows, int prompt, int slots) {
    GenerationShape shape = new GenerationShape(rows, prompt, slots);
    CausalModel model = tuning.model();
    Axis batch = new Axis("batch", shape.rows());
    Axis seq = new Axis("seq", shape.prompt());
    ParamMap<Tensor> weights = tuning.inputs();
    Tensor tokens = Tensors.parameter("tokens", Shape.of(DType.I32, batch, seq));
    Tensor starts = Tensors.parameter("starts", Shape.of(DType.I32, batch));

    Tensor places = Tensors.iota(DType.I32, seq).like(tokens);
    Tensor first = starts.like(places);
    Tensor real = places.compare(Comparison.GE, first).convert(DType.I32);
    PrefillContext context = new PrefillContext(real, cut(tuning));
    ParamMap<Tensor> cast = tuning.cast(weights);
    Tensor hidden =
        model.hidden(
            cast, new CausalModel.Inputs(tokens, places.minus(first).times(real), context));
    Tensor logits = model.head(cast).logits(hidden.at("seq", shape.prompt() - 1));
    List<KeyValues> cache =
        context.layers().stream().map(layer -> layer.padded(shape.slots())).toList();

    List<Tensor> inputs = new ArrayList<>(weights.values());
    inputs.addAll(List.of(tokens, starts));
    Program prefill =
        new Program(
            "prefill", inputs.stream().map(Program.Input::kept).toList(), outputs(cache, logits));
    return new ServingPrograms(prefill, decode(tuning, cache, batch), context.turn());
  }

  private static Program decode(Tuning tuning, List<KeyValues> cache, Axis batch) {
    CausalModel model = tuning.model();
    ParamMap<Tensor> weights = tuning.inputs();
    Tensor token = Tensors.parameter("token", Shape.of(DType.I32, batch));
    Tensor slot = Tensors.parameter("slot", Shape.of(DType.I32));
    Tensor starts = Tensors.parameter("starts", Shape.of(DType.I32, batch));
    List<KeyValues> before = new ArrayList<>();
    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(weight -> inputs.add(Program.Input.kept(weight)));
    for (int layer = 0; layer < cache.size(); layer++) {
      Tensor keys = Tensors.parameter(keys(layer), KeyValues.shape(cache.get(layer).keys()));
      Tensor values = Tensors.parameter(values(layer), KeyValues.shape(cache.get(layer).values()));
      before.add(new KeyValues(keys, values));
      inputs.add(new Program.Input(keys, 2 * layer));
      inputs.add(new Program.Input(values, 2 * layer + 1));
    }
    List.of(token, slot, starts).forEach(input -> inputs.add(Program.Input.kept(input)));

    DecodeContext context = new DecodeContext(before, slot, starts, cut(tuning));
    ParamMap<Tensor> cast = tuning.cast(weights);
    Tensor position = slot.like(starts).minus(starts);
    Tensor hidden = model.hidden(cast, new CausalModel.Inputs(one(token), one(position), context));
    Tensor logits = model.head(cast).logits(hidden.sum("seq"));
    return new Program("decode", inputs, outputs(context.layers(), logits));
  }

  private static List<Program.Output> outputs(List<KeyValues> cache, Tensor logits) {
    List<Program.Output> outputs = new ArrayList<>();
    for (int layer = 0; layer < cache.size(); layer++) {
      Tensor keys = cache.get(layer).keys();
      Tensor values = cache.get(layer).values();
      outputs.add(new Program.Output(keys(layer), keys, KeyValues.shape(keys)));
      outputs.add(new Program.Output(values(layer), values, KeyValues.shape(values)));
    }
    outputs.add(Program.Output.of(LOGITS, logits));
    return outputs;
  }

  /** As on one device, but that sizes may not count. */
  private static Spread cut(Tuning tuning) {
    return tuning.spread().anySize() ? Spread.NONE.forAnySize() : Spread.NONE;
  }

  private static String keys(int layer) {
    return CACHE + layer + ".keys";
  }

  private static String values(int layer) {
    return CACHE + layer + ".values";
  }

  /** Something of each row as what stands at its one position. */
  private static Tensor one(Tensor perRow) {
    return perRow.broadcast(perRow.shape().append(new Axis("seq", 1)).axes());
  }
}
