package dev.hlotune.sharding;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.pjrt.BufferType;
import dev.hlotune.pjrt.Device;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.pjrt.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An array spread over the devices of a mesh. Its shards are its own: closing it closes them, and a
 * program that it is donated to takes them over.
 */
public final class ShardedBuffer implements AutoCloseable {
  /** Cache lines, so that native copies are not split. */
  private static final long ALIGNMENT = 64;

  private final Placement placement;
  private final List<Integer> held;
  private final List<DeviceBuffer> shards;

  /**
   * A buffer of these shards.
   *
   * @param placement which device holds what
   * @param held numbers in the mesh of the devices of this process
   * @param shards the block of each of these, in that order
   * @throws ShapeException for another number of shards than devices, or a shard of another type
   */
  public ShardedBuffer(Placement placement, List<Integer> held, List<DeviceBuffer> shards) {
    this(placement, List.copyOf(held), List.copyOf(shards), type(placement.shard()));
  }

  private ShardedBuffer(
      Placement placement, List<Integer> held, List<DeviceBuffer> shards, BufferType type) {
    this.placement = placement;
    this.held = held;
    this.shards = shards;
    if (shards.size() != held.size()
        || !shards.stream().allMatch(shard -> shard.type().equals(type))) {
      throw new ShapeException(
          "sharded buffer "
              + placement
              + ": expected "
              + held.size()
              + " shards of type "
              + type
              + ", got "
              + shards);
    }
  }

  /** What a program gave, whose results were looked at when it was loaded. */
  private ShardedBuffer(List<DeviceBuffer> shards, List<Integer> held, Placement placement) {
    this.placement = placement;
    this.held = held;
    this.shards = shards;
  }

  /**
   * A result of a program, without another look at it: there are as many at every step as there are
   * weights.
   *
   * @param held an immutable list
   * @param shards an immutable list
   */
  static ShardedBuffer result(Placement placement, List<Integer> held, List<DeviceBuffer> shards) {
    return new ShardedBuffer(shards, held, placement);
  }

  /** Which device holds what. */
  public Placement placement() {
    return placement;
  }

  /** Numbers in the mesh of the devices of this process. */
  public List<Integer> held() {
    return held;
  }

  /** The block of each of them, in that order. */
  public List<DeviceBuffer> shards() {
    return shards;
  }

  /**
   * Copies an array of the host to the devices of a mesh; its memory is free when the call returns.
   * At most one block is copied on the host at a time.
   *
   * @param host the whole array, dense, the last dimension varying fastest; native or of a Java
   *     array
   * @return the buffer, which the caller closes or donates
   * @throws ShapeException for a placement on another mesh
   * @throws IllegalArgumentException for memory of another size than the whole array
   */
  public static ShardedBuffer scatter(DeviceMesh devices, Placement placement, MemorySegment host) {
    return scatter(devices, placement, Optional.empty(), host);
  }

  /**
   * The same to another memory than the devices' own.
   *
   * @param memoryKind one of {@link dev.hlotune.pjrt.Device#memoryKinds}; empty for their own
   */
  static ShardedBuffer scatter(
      DeviceMesh devices, Placement placement, Optional<String> memoryKind, MemorySegment host) {
    if (!placement.mesh().equals(devices.mesh())) {
      throw new ShapeException(
          "scatter: expected a placement on mesh "
              + devices.mesh().axes()
              + ", got one on "
              + placement.mesh().axes());
    }
    checkSize(placement, host);
    BufferType type = type(placement.shard());
    List<Integer> local = devices.local();
    @Nullable DeviceBuffer[] shards = new DeviceBuffer[local.size()];
    try {
      for (Map.Entry<Long, List<Integer>> holders : holders(placement, local).entrySet()) {
        Runs runs = Runs.of(placement, local.get(holders.getValue().getFirst()));
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment block = block(runs, placement, host, arena);
          for (int place : holders.getValue()) {
            Device own = devices.devices().get(local.get(place));
            shards[place] =
                memoryKind.isPresent()
                    ? devices.client().transfer(block, type, own, memoryKind.get())
                    : devices.client().transfer(block, type, own);
          }
        }
      }
    } catch (RuntimeException failure) {
      for (DeviceBuffer shard : shards) {
        if (shard != null) {
          shard.close();
        }
      }
      throw failure;
    }
    List<DeviceBuffer> all = new ArrayList<>();
    for (DeviceBuffer shard : shards) {
      all.add(Objects.requireNonNull(shard));
    }
    return new ShardedBuffer(placement, local, all);
  }

  /**
   * Copies the whole array back to the host, each block from one of the devices that hold it.
   *
   * @param target memory of exactly the size of the whole array, native or of a Java array
   * @throws IllegalArgumentException for memory of another size
   * @throws IllegalStateException if the buffer was closed or donated, or other processes alone
   *     have some of it
   * @throws dev.hlotune.pjrt.PjrtException if the program that was to fill it failed
   */
  public void gather(MemorySegment target) {
    checkSize(placement, target);
    if (!isHere()) {
      throw new IllegalStateException(
          "sharded buffer "
              + placement
              + ": expected all blocks in this process, got some of them");
    }
    long element = placement.shape().dtype().bytes();
    for (List<Integer> holders : holders(placement, held).values()) {
      Runs runs = Runs.of(placement, held.get(holders.getFirst()));
      DeviceBuffer shard = shards.get(holders.getFirst());
      long bytes = runs.length() * element;
      if (runs.isContiguous()) {
        shard.read(target.asSlice(runs.starts()[0] * element, bytes));
      } else {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment block = arena.allocate(shard.type().byteSize(), ALIGNMENT);
          shard.read(block);
          for (int run = 0; run < runs.starts().length; run++) {
            MemorySegment.copy(block, run * bytes, target, runs.starts()[run] * element, bytes);
          }
        }
      }
    }
  }

  /** Whether every device has all of it. */
  public boolean isWhole() {
    return placement.shard().equals(placement.shape());
  }

  /** Whether each block is on a device of this process. */
  public boolean isHere() {
    return held.size() == placement.mesh().deviceCount()
        || holders(placement, held).size() * placement.shard().elements()
            == placement.shape().elements();
  }

  /**
   * The shard of the first device of this process; all of the array where that is whole everywhere.
   */
  public DeviceBuffer first() {
    return shards.getFirst();
  }

  /** Bytes of the whole array, densely. */
  public long byteSize() {
    return placement.shape().bytes();
  }

  /** The elements of the whole array, which are of type {@code F32}. */
  public float[] readFloats() {
    if (isWhole()) {
      return first().readFloats();
    }
    require(DType.F32);
    float[] values = new float[Math.toIntExact(placement.shape().elements())];
    gather(MemorySegment.ofArray(values));
    return values;
  }

  /** The elements of the whole array, which are of type {@code I32}. */
  public int[] readInts() {
    if (isWhole()) {
      return first().readInts();
    }
    require(DType.I32);
    int[] values = new int[Math.toIntExact(placement.shape().elements())];
    gather(MemorySegment.ofArray(values));
    return values;
  }

  private void require(DType dtype) {
    if (placement.shape().dtype() != dtype) {
      throw new IllegalArgumentException(
          "sharded buffer " + placement + ": expected elements of type " + dtype.mlir());
    }
  }

  /** Whether an array lies as this one does, whatever its axes are called. */
  @SuppressWarnings("ReferenceEquality") // Most often it is the very same; equal ones cost time.
  boolean fits(Placement wanted) {
    return placement == wanted
        || (placement.splits().equals(wanted.splits())
            && placement.shape().dtype() == wanted.shape().dtype()
            && sameSizes(placement.shape().axes(), wanted.shape().axes())
            && placement.mesh().equals(wanted.mesh()));
  }

  private static boolean sameSizes(List<Axis> ones, List<Axis> others) {
    boolean same = ones.size() == others.size();
    for (int i = 0; same && i < ones.size(); i++) {
      same = ones.get(i).size() == others.get(i).size();
    }
    return same;
  }

  @Override
  public String toString() {
    return "sharded buffer " + placement;
  }

  /** Frees the shards, once nothing that was started with them needs them any more. */
  @Override
  public void close() {
    shards.forEach(DeviceBuffer::close);
  }

  private static MemorySegment block(
      Runs runs, Placement placement, MemorySegment host, Arena arena) {
    long element = placement.shape().dtype().bytes();
    long bytes = runs.length() * element;
    if (runs.isContiguous()) {
      return host.asSlice(runs.starts()[0] * element, bytes);
    }
    MemorySegment block = arena.allocate(placement.shard().bytes(), ALIGNMENT);
    for (int run = 0; run < runs.starts().length; run++) {
      MemorySegment.copy(host, runs.starts()[run] * element, block, run * bytes, bytes);
    }
    return block;
  }

  /**
   * Which of some devices have each different block, by their places in the list.
   *
   * @param devices numbers in the mesh
   */
  private static Map<Long, List<Integer>> holders(Placement placement, List<Integer> devices) {
    Map<Long, List<Integer>> holders = new LinkedHashMap<>();
    for (int place = 0; place < devices.size(); place++) {
      int device = devices.get(place);
      long number = 0;
      for (int dimension = 0; dimension < placement.splits().size(); dimension++) {
        number =
            number * placement.shape().axes().get(dimension).size()
                + placement.block(device, dimension);
      }
      holders.computeIfAbsent(number, _ -> new ArrayList<>()).add(place);
    }
    return Collections.unmodifiableMap(holders);
  }

  private static void checkSize(Placement placement, MemorySegment host) {
    if (host.byteSize() != placement.shape().bytes()) {
      throw new IllegalArgumentException(
          "sharded buffer "
              + placement
              + ": expected memory of "
              + placement.shape().bytes()
              + " bytes, got "
              + host.byteSize());
    }
  }

  static BufferType type(Shape shape) {
    return new BufferType(ElementType.ofStableHlo(shape.dtype().mlir()), shape.sizes());
  }
}
