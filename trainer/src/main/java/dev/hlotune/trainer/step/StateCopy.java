package dev.hlotune.trainer.step;

import dev.hlotune.pjrt.Event;
import dev.hlotune.sharding.ShardedBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Room in main memory for one copy of a training's state, used again for every copy. Taking one is
 * all that the training waits for; files are written from it while the next steps run.
 */
public final class StateCopy implements AutoCloseable {
  private Arena arena = Arena.ofShared();
  private final List<MemorySegment> memory = new ArrayList<>();

  /** Room that is allocated when it is first needed. */
  public StateCopy() {}

  /** How much room a copy takes. */
  public static long bytes(TrainState state, IntPredicate changes) {
    return moving(state, changes).stream().mapToLong(buffer -> buffer.byteSize()).sum();
  }

  private static List<ShardedBuffer> moving(TrainState state, IntPredicate changes) {
    List<ShardedBuffer> moving = new ArrayList<>();
    for (int i = 0; i < state.weights().size(); i++) {
      if (changes.test(i)) {
        moving.add(state.weights().get(i));
      }
    }
    moving.addAll(state.optimizer());
    return moving;
  }

  /**
   * Copies a state, all arrays at a time, and waits for it. What an earlier call gave is
   * overwritten.
   *
   * @param changes whether a weight, by its place, will be other in later steps; those that will
   *     not stay on the device
   */
  public HeldState take(TrainState state, IntPredicate changes) {
    List<ShardedBuffer> moving = moving(state, changes);
    reserve(moving);
    List<Event> events = new ArrayList<>();
    try {
      for (int i = 0; i < moving.size(); i++) {
        ShardedBuffer buffer = moving.get(i);
        if (buffer.isWhole()) {
          events.add(buffer.first().toHost(memory.get(i)));
        } else {
          buffer.gather(memory.get(i));
        }
      }
      events.forEach(Event::await);
    } finally {
      events.forEach(Event::close);
    }
    List<HeldArray> weights = new ArrayList<>(HeldArray.onDevice(state.weights()));
    int at = 0;
    for (int i = 0; i < weights.size(); i++) {
      if (changes.test(i)) {
        weights.set(i, new HeldArray.InMemory(memory.get(at++)));
      }
    }
    List<HeldArray> optimizer = new ArrayList<>();
    for (MemorySegment own : memory.subList(at, moving.size())) {
      optimizer.add(new HeldArray.InMemory(own));
    }
    return new HeldState(weights, optimizer);
  }

  /** Another stage of a training has other state. */
  private void reserve(List<ShardedBuffer> buffers) {
    boolean fits = memory.size() == buffers.size();
    for (int i = 0; fits && i < buffers.size(); i++) {
      fits = memory.get(i).byteSize() == buffers.get(i).byteSize();
    }
    if (fits) {
      return;
    }
    memory.clear();
    arena.close();
    arena = Arena.ofShared();
    for (ShardedBuffer buffer : buffers) {
      long bytes = buffer.byteSize();
      memory.add(arena.allocate(Math.max(1, bytes), 64).asSlice(0, bytes));
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
