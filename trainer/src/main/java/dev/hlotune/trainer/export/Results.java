package dev.hlotune.trainer.export;

import dev.hlotune.hlo.Shape;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.step.ElementTypes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What the steps of a run gave, on the host: one array of a step after the other. */
final class Results {
  private final ExportedProgram program;
  private final OptionalInt steps;
  private final Arena arena;
  private final TreeMap<Integer, MemorySegment> memory = new TreeMap<>();

  /**
   * Room for results.
   *
   * @param steps where they are wanted of each
   * @param arena of their memory
   */
  Results(ExportedProgram program, OptionalInt steps, Arena arena) {
    this.program = program;
    this.steps = steps;
    this.arena = arena;
  }

  /** Takes an output of a step, and closes it. */
  void keep(int output, int step, ShardedBuffer buffer) {
    long bytes = program.outputs().get(output).shape().bytes();
    try (buffer) {
      MemorySegment all =
          memory.computeIfAbsent(output, _ -> arena.allocate(bytes * steps.orElse(1), 64));
      buffer.gather(all.asSlice(step * bytes, bytes));
    }
  }

  /** All of them, with a first dimension for the steps where results of each were wanted. */
  List<TensorEntry> tensors() {
    List<TensorEntry> tensors = new ArrayList<>();
    memory.forEach((output, data) -> {
      ExportedArray array = program.outputs().get(output);
      Shape shape = array.shape();
      List<Long> sizes = new ArrayList<>(Arrays.stream(shape.sizes()).boxed().toList());
      steps.ifPresent(count -> sizes.addFirst((long) count));
      tensors.add(new TensorEntry(array.name(), ElementTypes.stored(shape.dtype()), sizes, data));
    });
    return tensors;
  }
}
