package dev.hlotune.trainer.generate;

import dev.hlotune.hlo.Program;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.Tuning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** The compiled programs of an engine, by their shapes. */
final class GenerationPrograms implements AutoCloseable {
  private final Tuning tuning;
  private final Function<Program, DeviceProgram> compile;
  private final Map<Key, DeviceProgram> programs = new LinkedHashMap<>();
  private final OptionalInt turn;

  /**
   * A program's shape.
   *
   * @param prompt 0 for one that decodes
   */
  record Key(int rows, int prompt, int slots, LogitsChange change) {
    /** Distinct among programs of one change, and fit for a file. */
    String name() {
      return prompt == 0
          ? "decode_" + rows + "x" + slots
          : "prefill_" + rows + "x" + prompt + "_" + slots;
    }

    private static Key decode(GenerationShape shape, LogitsChange change) {
      return new Key(shape.rows(), 0, shape.slots(), change);
    }

    private static Key prefill(GenerationShape shape, LogitsChange change) {
      return new Key(shape.rows(), shape.prompt(), shape.slots(), change);
    }
  }

  GenerationPrograms(Tuning tuning, Function<Program, DeviceProgram> compile) {
    this.tuning = tuning;
    this.compile = compile;
    LogitsChange none = LogitsChange.of(Sampling.GREEDY, tuning.model().vocabulary());
    this.turn = PrefillProgram.of(tuning, new GenerationShape(1, 1, 2), none).turn();
  }

  /** What would have to be compiled. */
  Set<Key> missing(List<GenerationShape> shapes, LogitsChange change) {
    Set<Key> keys = new LinkedHashSet<>();
    for (GenerationShape shape : shapes) {
      keys.add(Key.prefill(shape, change));
      keys.add(Key.decode(shape, change));
      if (turn.orElse(shape.slots()) < shape.slots()) {
        keys.add(Key.prefill(again(shape), change));
        keys.add(Key.decode(again(shape), change));
      }
    }
    keys.removeAll(programs.keySet());
    return keys;
  }

  /** Compiles what is missing. */
  void prepare(List<GenerationShape> shapes, LogitsChange change) {
    for (Key key : missing(shapes, change)) {
      programs.put(key, compile.apply(program(key)));
    }
  }

  /** One of them. */
  Program program(Key key) {
    // Of the prompt's length nothing is in the state, so any will do.
    int prompt = Math.max(1, key.prompt());
    PrefillProgram prefill =
        PrefillProgram.of(
            tuning, new GenerationShape(key.rows(), prompt, key.slots()), key.change());
    return key.prompt() > 0
        ? prefill.program()
        : DecodeProgram.of(tuning, prefill.state(), key.change());
  }

  /** The shape in which rows of a shape are run again, however long they are by then. */
  static GenerationShape again(GenerationShape shape) {
    return new GenerationShape(shape.rows(), shape.slots(), 2 * shape.slots() - shape.prompt());
  }

  /** The length after which a row has to be run again, where there is one. */
  OptionalInt turn() {
    return turn;
  }

  DeviceProgram prefill(GenerationShape shape, LogitsChange change) {
    return get(Key.prefill(shape, change));
  }

  DeviceProgram decode(GenerationShape shape, LogitsChange change) {
    return get(Key.decode(shape, change));
  }

  private DeviceProgram get(Key key) {
    DeviceProgram program = programs.get(key);
    if (program == null) {
      throw new IllegalStateException(
          "generation: expected one of " + programs.keySet() + ", got " + key);
    }
    return program;
  }

  /** All that were compiled. */
  List<DeviceProgram> all() {
    return new ArrayList<>(programs.values());
  }

  @Override
  public void close() {
    programs.values().forEach(DeviceProgram::close);
    programs.clear();
  }
}
