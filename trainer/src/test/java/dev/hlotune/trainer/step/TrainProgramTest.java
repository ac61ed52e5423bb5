package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.emit.Emitter;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.hlo.optim.DecayMask;
import dev.hlotune.hlo.optim.Optimizer;
import dev.hlotune.trainer.data.Bucket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes into a step and comes out of it. */
class TrainProgramTest {
  /** State comes out as it went in, in its own memory, so that a step can follow a step. */
  @ParameterizedTest
  @CsvSource({
    "gpt2, UNROLL, true, 1",
    "gpt2, SCAN, true, 3",
    "llama, UNROLL, false, 3",
    "llama, SCAN, true, 1"
  })
  void isAFixedPoint(String family, Layering layering, boolean adam, int microBatches) {
    CausalModel model = TinyModels.of(family, layering);
    Optimizer optimizer = adam ? adamw() : Optimizer.sgd(0.9, true, 1);
    Program program = TrainProgram.of(training(model, optimizer, microBatches), new Bucket(2, 8));
    List<String> state = new ArrayList<>(model.parameters().names());
    state.addAll(TrainProgram.state(training(model, optimizer, 1)).names());
    List<String> outputs = program.outputs().stream().map(Program.Output::name).toList();
    assertEquals(state, outputs.subList(0, outputs.size() - 1));
    assertEquals("metrics", outputs.getLast());
    for (int i = 0; i < state.size(); i++) {
      Program.Input input = program.inputs().get(i);
      Shape shape = input.parameter().shape();
      assertEquals(state.get(i), input.name());
      assertEquals(i, input.donatedTo(), input.name());
      assertEquals(shape, program.outputs().get(i).shape(), input.name());
    }
    List<Program.Input> others = program.inputs().subList(state.size(), program.inputs().size());
    assertEquals(
        List.of("tokens", "targets", "segments", "positions", "weights", "learning_rate"),
        others.stream().map(Program.Input::name).toList());
    others.forEach(input -> assertEquals(-1, input.donatedTo(), input.name()));
  }

  @ParameterizedTest
  @CsvSource({"gpt2, UNROLL", "llama, SCAN"})
  void hasTheSameTextEveryTime(String family, Layering layering) {
    assertEquals(text(family, layering), text(family, layering));
  }

  private static String text(String family, Layering layering) {
    CausalModel model = TinyModels.of(family, layering);
    return Emitter.emit(TrainProgram.of(training(model, adamw(), 2), new Bucket(2, 8)));
  }

  /** Everything is trained in f32, with nothing against fitting too closely. */
  static Training training(CausalModel model, Optimizer optimizer, int microBatches) {
    return new Training(
        Tuning.full(model, DType.F32), optimizer, microBatches, Regularization.NONE);
  }

  static Optimizer adamw() {
    return Optimizer.adamw(new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.01, 1), DecayMask::decays);
  }
}
