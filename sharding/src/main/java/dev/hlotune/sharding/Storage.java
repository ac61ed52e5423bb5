package dev.hlotune.sharding;

import dev.hlotune.hlo.Shape;
import dev.hlotune.pjrt.Client;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Function;

/**
 * Devices, and where on them arrays of one kind are kept.
 *
 * @param devices the devices
 * @param placing the placement of an array of that shape
 * @param memoryKind the memory that they lie in, one of {@link
 *     dev.hlotune.pjrt.Device#memoryKinds}; empty for the devices' own
 */
public record Storage(
    DeviceMesh devices, Function<Shape, Placement> placing, Optional<String> memoryKind) {
  /** The memory of the host, as programs reach it. */
  public static final String HOST = "pinned_host";

  /** In the devices' own memory. */
  public Storage(DeviceMesh devices, Function<Shape, Placement> placing) {
    this(devices, placing, Optional.empty());
  }

  /** One device. */
  public static Storage single(Client client) {
    DeviceMesh devices = DeviceMesh.single(client);
    return new Storage(devices, shape -> Placement.replicated(devices.mesh(), shape));
  }

  /** Where an array of that shape is kept. */
  public Placement place(Shape shape) {
    return placing.apply(shape);
  }

  /**
   * Copies an array there; its memory is free when the call returns.
   *
   * @param host the whole array, dense, the last dimension varying fastest
   * @return the buffer, which the caller closes or donates
   * @throws IllegalArgumentException for memory of another size than the shape's
   */
  public ShardedBuffer put(MemorySegment host, Shape shape) {
    return ShardedBuffer.scatter(devices, place(shape), memoryKind, host);
  }
}
