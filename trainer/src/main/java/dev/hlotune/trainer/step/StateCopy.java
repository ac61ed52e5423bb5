package dev.hlotune.trainer.step;

import dev.hlotune.pjrt.Event;
import dev.hlotune.sharding.Placement;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.ShardingRules;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Room in main memory for one copy of a training's state, used again for every copy. Taking one is
 * all that the training waits for; files are written from it while the next steps run.
 *
 * <p>Where the devices are of several processes, all of them take a copy at the same time, and the
 * first keeps it: the others take part in bringing the arrays together, and nothing else.
 */
public final class StateCopy implements AutoCloseable {
  private final Optional<Gathering> gathering;
  private final boolean keeps;
  private Arena arena = Arena.ofShared();
  private final List<MemorySegment> memory = new ArrayList<>();

  private StateCopy(Optional<Gathering> gathering, boolean keeps) {
    this.gathering = gathering;
    this.keeps = keeps;
  }

  /** Room that is allocated when it is first needed. */
  public StateCopy() {
    this(Optional.empty(), true);
  }

  /**
   * The same on any devices.
   *
   * @param keeps whether this process is the one that keeps what is copied
   * @param trainings all stages whose state is copied
   */
  public static StateCopy of(
      ProgramCompiler compiler, Collection<Training> trainings, boolean keeps) {
    if (!compiler.mesh().devices().spansProcesses()) {
      return new StateCopy();
    }
    return gathering(compiler, trainings, keeps);
  }

  /** One that brings arrays together on the devices, wherever they are. */
  static StateCopy gathering(
      ProgramCompiler compiler, Collection<Training> trainings, boolean keeps) {
    ShardingRules rules = compiler.mesh().rules();
    List<Placement> placements = new ArrayList<>();
    for (Training training : trainings) {
      training
          .tuning()
          .parameters()
          .values()
          .forEach(spec -> placements.add(rules.weight(spec.shape())));
      TrainProgram.state(training).values().forEach(shape -> placements.add(rules.state(shape)));
    }
    return new StateCopy(Optional.of(Gathering.of(compiler, placements)), keeps);
  }

  /** Whether files can be written from it alone, as some of the state is not on devices here. */
  public boolean isNeeded() {
    return gathering.isPresent();
  }

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
    if (gathering.isPresent()) {
      return takeTogether(moving, state, changes);
    }
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
    return held(moving, state, changes);
  }

  private HeldState takeTogether(
      List<ShardedBuffer> moving, TrainState state, IntPredicate changes) {
    if (keeps) {
      reserve(moving);
    }
    for (int i = 0; i < moving.size(); i++) {
      try (ShardedBuffer whole = gathering.orElseThrow().whole(moving.get(i))) {
        if (keeps) {
          whole.gather(memory.get(i));
        } else {
          try (Event done = whole.first().ready()) {
            done.await();
          }
        }
      }
    }
    return keeps ? held(moving, state, changes) : new HeldState(List.of(), List.of());
  }

  private HeldState held(List<ShardedBuffer> moving, TrainState state, IntPredicate changes) {
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
    gathering.ifPresent(Gathering::close);
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
