package dev.hlotune.trainer.step;

import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.Batch;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Copies batches to devices. */
public final class BatchTransfer {
  private BatchTransfer() {}

  /** The buffers of a batch in the order of a program's batch inputs, owned by the caller. */
  public static List<ShardedBuffer> toDevices(DeviceProgram program, Batch batch) {
    return List.of(
        program.put(BatchInputs.TOKENS, MemorySegment.ofArray(batch.tokens())),
        program.put(BatchInputs.TARGETS, MemorySegment.ofArray(batch.targets())),
        program.put(BatchInputs.SEGMENTS, MemorySegment.ofArray(batch.segments())),
        program.put(BatchInputs.POSITIONS, MemorySegment.ofArray(batch.positions())),
        program.put(BatchInputs.WEIGHTS, MemorySegment.ofArray(batch.weights())));
  }
}
