package dev.hlotune.trainer.export;

import dev.hlotune.hlo.Shape;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import dev.hlotune.trainer.checkpoint.WritableTensor;
import dev.hlotune.trainer.step.ElementTypes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * An array on the devices, brought together when it is written.
 *
 * @param name in the file
 * @param buffer open until then
 */
record GatheredTensor(String name, ShardedBuffer buffer) implements WritableTensor {
  private Shape whole() {
    return buffer.placement().shape();
  }

  @Override
  public StorageType type() {
    return ElementTypes.stored(whole().dtype());
  }

  @Override
  public List<Long> shape() {
    return Arrays.stream(whole().sizes()).boxed().toList();
  }

  @Override
  public void writeTo(Sink sink) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(whole().bytes(), 64);
      buffer.gather(data);
      new TensorEntry(name, type(), shape(), data).writeTo(sink);
    }
  }
}
