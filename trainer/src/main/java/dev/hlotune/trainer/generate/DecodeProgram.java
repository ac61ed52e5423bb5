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
import dev.hlotune.hlo.nn.DecodeContext;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds some tokens to every row, one after the other, in a loop on the device. It ends when so many
 * were added, when every row has ended, or after a token that the host has to look at.
 *
 * <p>Inputs: every weight; the {@link ModelState}, donated; {@code starts} i32 {@code [batch]}, the
 * place of each row's first token; {@code slot} i32, the place of the last token of all rows;
 * {@code steps} i32, how many to add at the most; {@code open} i32 {@code [batch]}, 1 where a row
 * goes on; {@code limits} i32 {@code [batch]}, the place of a row's last token at the latest;
 * {@code marks} i32 {@code [vocab]}, see below; {@code forced} i32 {@code [batch, chunk]}, the
 * tokens that are to come, or -1; the inputs of the {@link Sampler}. Outputs: the state; {@code
 * tokens} i32 {@code [batch, chunk]}, what was added; {@code count} i32, how many.
 */
final class DecodeProgram {
  /** The most tokens of one run. */
  static final int CHUNK = 32;

  /** A mark: the row ends with this token. */
  static final int ENDS = 1;

  /** A mark: the host looks at the row after this token. */
  static final int PAUSES = 2;

  private DecodeProgram() {}

  /**
   * The program.
   *
   * @param before what {@link PrefillProgram} gives, of the same rows and slots
   */
  static Program of(Tuning tuning, ModelState before, LogitsChange change) {
    CausalModel model = tuning.model();
    Axis batch = before.token().axis("batch");
    Axis chunk = new Axis("chunk", CHUNK);
    Shape perRow = Shape.of(DType.I32, batch);
    Shape number = Shape.of(DType.I32);
    ParamMap<Tensor> weights = tuning.inputs();
    ModelState given = before.parameters();
    Tensor starts = Tensors.parameter("starts", perRow);
    Tensor slot = Tensors.parameter("slot", number);
    Tensor steps = Tensors.parameter("steps", number);
    Tensor open = Tensors.parameter("open", perRow);
    Tensor limits = Tensors.parameter("limits", perRow);
    Tensor marks =
        Tensors.parameter("marks", Shape.of(DType.I32, new Axis("vocab", model.vocabulary())));
    Tensor forced = Tensors.parameter("forced", perRow.append(chunk));
    Sampler sampler = Sampler.of(change, batch);
    ParamMap<Tensor> cast = tuning.cast(weights);

    List<Tensor> initial = new ArrayList<>();
    initial.add(Tensors.scalar(DType.I32, 0));
    initial.add(open.compare(Comparison.GT, 0));
    initial.add(Tensors.scalar(DType.BOOL, 0));
    initial.add(Tensors.fill(forced.shape(), -1));
    initial.addAll(given.tensors());
    List<Tensor> end =
        Tensors.whileLoop(
            initial,
            loop ->
                loop.get(0)
                    .compare(Comparison.LT, steps)
                    .and(loop.get(1).reduce(ReduceKind.MAX, "batch"))
                    .and(loop.get(2).unary(UnaryKind.NOT)),
            loop -> {
              Tensor step = loop.get(0);
              Tensor going = loop.get(1);
              ModelState state = given.with(loop.subList(4, loop.size()));
              Tensor place = slot.plus(step);
              DecodeContext context = new DecodeContext(state.cache(), place, starts);
              Tensor position = place.like(starts).minus(starts);
              Tensor hidden =
                  model.hidden(
                      cast, new CausalModel.Inputs(one(state.token()), one(position), context));
              Tensor logits = model.head(cast).logits(hidden.sum("seq"));
              Tensor free = sampler.next(logits, state.seen(), position.plus(1));
              Tensor wanted = forced.dynamicSlice("chunk", step, 1).sum("chunk");
              Tensor next = wanted.compare(Comparison.GE, 0).select(wanted, free);
              Tensor kept = going.select(next, state.token());
              Tensor marked = marks.take("vocab", kept);
              Tensor goesOn =
                  going
                      .and(without(marked, ENDS))
                      .and(place.plus(1).like(limits).compare(Comparison.LT, limits));
              Tensor pauses =
                  goesOn
                      .and(without(marked, PAUSES).unary(UnaryKind.NOT))
                      .reduce(ReduceKind.MAX, "batch");
              Tensor column = kept.broadcast(perRow.append(chunk.sized(1)).axes());
              List<Tensor> after = new ArrayList<>();
              after.add(step.plus(1));
              after.add(goesOn);
              after.add(pauses);
              after.add(loop.get(3).dynamicUpdate("chunk", step, column));
              after.addAll(
                  new ModelState(
                          kept,
                          context.layers(),
                          state.seen().map(seen -> Sampler.seenWith(seen, kept)))
                      .tensors());
              return after;
            });

    List<Program.Input> inputs = new ArrayList<>();
    weights.values().forEach(weight -> inputs.add(Program.Input.kept(weight)));
    List<Tensor> donated = given.tensors();
    for (int i = 0; i < donated.size(); i++) {
      inputs.add(new Program.Input(donated.get(i), i));
    }
    List.of(starts, slot, steps, open, limits, marks, forced)
        .forEach(input -> inputs.add(Program.Input.kept(input)));
    sampler.inputs().values().forEach(input -> inputs.add(Program.Input.kept(input)));
    List<Program.Output> outputs =
        new ArrayList<>(given.with(end.subList(4, end.size())).outputs());
    outputs.add(Program.Output.of("tokens", end.get(3)));
    outputs.add(Program.Output.of("count", end.get(0)));
    return new Program("decode", inputs, outputs);
  }

  /** Something of each row as what stands at its one position. */
  private static Tensor one(Tensor perRow) {
    return perRow.broadcast(perRow.shape().append(new Axis("seq", 1)).axes());
  }

  private static Tensor without(Tensor marked, int mark) {
    return marked
        .binary(BinaryKind.AND, Tensors.fill(marked.shape(), mark))
        .compare(Comparison.EQ, 0);
  }
}
