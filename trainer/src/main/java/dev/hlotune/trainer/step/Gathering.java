package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Program;
import dev.hlotune.hlo.Tensor;
import dev.hlotune.hlo.Tensors;
import dev.hlotune.hlo.nn.ParamMap;
import dev.hlotune.sharding.Placement;
import dev.hlotune.sharding.ProgramPlacement;
import dev.hlotune.sharding.ShardedBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings arrays that are spread over processes to where each of them can read them: onto every
 * device, one array at a time, by programs that do nothing else. All processes ask for the same
 * arrays in the same order.
 */
final class Gathering implements AutoCloseable {
  private static final String SPREAD = "spread";
  private static final String WHOLE = "whole";

  private final Map<Placement, DeviceProgram> programs = new LinkedHashMap<>();

  private Gathering() {}

  /** A program for each placement. */
  static Gathering of(ProgramCompiler compiler, List<Placement> placements) {
    Gathering gathering = new Gathering();
    for (Placement placement : placements) {
      if (!gathering.programs.containsKey(placement)) {
        Tensor spread = Tensors.parameter(SPREAD, placement.shape());
        Program program =
            new Program(
                "gather",
                List.of(Program.Input.kept(spread)),
                List.of(Program.Output.of(WHOLE, spread)));
        gathering.programs.put(
            placement,
            compiler.compile(
                program,
                new ProgramPlacement(
                    placement.mesh(),
                    ParamMap.zip(List.of(SPREAD), List.of(placement)),
                    ParamMap.zip(
                        List.of(WHOLE),
                        List.of(Placement.replicated(placement.mesh(), placement.shape()))))));
      }
    }
    return gathering;
  }

  /** The same array whole on every device; the caller closes it. */
  ShardedBuffer whole(ShardedBuffer array) {
    DeviceProgram program = programs.get(array.placement());
    if (program == null) {
      throw new IllegalStateException(
          "gather: expected one of " + programs.keySet() + ", got " + array.placement());
    }
    return program.run(List.of(array)).getFirst();
  }

  @Override
  public void close() {
    programs.values().forEach(DeviceProgram::close);
  }
}
