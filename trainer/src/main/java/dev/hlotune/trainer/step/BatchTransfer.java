package dev.hlotune.trainer.step;

import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.data.RowRange;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Copies batches to devices. */
public final class BatchTransfer {
  private BatchTransfer() {}

  /** The buffers of a batch in the order of a program's batch inputs, owned by the caller. */
  public static List<ShardedBuffer> toDevices(DeviceProgram program, Batch batch) {
    return List.of(
        program.put(BatchInputs.TOKENS, whole(batch, MemorySegment.ofArray(batch.tokens()))),
        program.put(BatchInputs.TARGETS, whole(batch, MemorySegment.ofArray(batch.targets()))),
        program.put(BatchInputs.SEGMENTS, whole(batch, MemorySegment.ofArray(batch.segments()))),
        program.put(BatchInputs.POSITIONS, whole(batch, MemorySegment.ofArray(batch.positions()))),
        program.put(BatchInputs.WEIGHTS, whole(batch, MemorySegment.ofArray(batch.weights()))));
  }

  /** With room for the rows of other processes, which no device of this one takes. */
  static MemorySegment whole(Batch batch, MemorySegment here) {
    RowRange rows = batch.rows();
    if (rows.count() == batch.bucket().rows()) {
      return here;
    }
    long row = (long) batch.bucket().length() * Integer.BYTES;
    long micro = batch.bucket().rows() * row;
    MemorySegment whole =
        MemorySegment.ofArray(new int[Math.toIntExact(batch.microBatches() * micro / 4)]);
    for (int i = 0; i < batch.microBatches(); i++) {
      long bytes = rows.count() * row;
      MemorySegment.copy(here, i * bytes, whole, i * micro + rows.from() * row, bytes);
    }
    return whole;
  }
}
