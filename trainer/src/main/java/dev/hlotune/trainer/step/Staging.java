package dev.hlotune.trainer.step;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Small pieces of memory outside the heap, used again and again by whichever thread has numbers to
 * convert: as many as there are threads at work, whatever the size of the model.
 */
final class Staging implements AutoCloseable {
  /** Elements of at most eight bytes that a piece holds. */
  static final long ELEMENTS = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private final Queue<MemorySegment> free = new ConcurrentLinkedQueue<>();

  /** A piece of {@code 8 * ELEMENTS} bytes, to be given back. */
  MemorySegment take() {
    MemorySegment memory = free.poll();
    return memory == null ? arena.allocate(8 * ELEMENTS, 64) : memory;
  }

  void give(MemorySegment memory) {
    free.add(memory);
  }

  @Override
  public void close() {
    arena.close();
  }
}
