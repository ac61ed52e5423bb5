package dev.hlotune.sharding;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.DType;
import dev.hlotune.hlo.Shape;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.Device;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A mesh with a device of one client for each of its places. It owns neither.
 *
 * @param mesh the mesh
 * @param client the client
 * @param devices a device for each number in the mesh
 */
public record DeviceMesh(Mesh mesh, Client client, List<Device> devices) {
  /**
   * A mesh of these devices.
   *
   * @throws ShapeException for another number of different devices than the mesh has places
   */
  public DeviceMesh {
    devices = List.copyOf(devices);
    if (new HashSet<>(devices).size() != devices.size() || devices.size() != mesh.deviceCount()) {
      throw new ShapeException(
          "mesh "
              + mesh.axes()
              + ": expected "
              + mesh.deviceCount()
              + " different devices, got "
              + devices.size()
              + " "
              + devices
              + "; choose sizes whose product is the number of devices");
    }
  }

  /** A mesh of all the devices that this process can use, in the client's order. */
  public static DeviceMesh of(Mesh mesh, Client client) {
    return new DeviceMesh(mesh, client, client.addressableDevices());
  }

  /** The client's first device alone: a mesh without axes. */
  public static DeviceMesh single(Client client) {
    return new DeviceMesh(new Mesh(List.of()), client, List.of(client.device()));
  }

  /** The first device of this process: all are of one kind. */
  public Device device() {
    return devices.get(local().getFirst());
  }

  /** The numbers of the devices that this process can use; the others are of other processes. */
  public List<Integer> local() {
    return IntStream.range(0, devices.size())
        .filter(number -> devices.get(number).addressable())
        .boxed()
        .toList();
  }

  /** Whether some of the devices are of other processes. */
  public boolean spansProcesses() {
    return !devices.stream().allMatch(Device::addressable);
  }

  /**
   * Copies an array to every device; its memory is free when the call returns.
   *
   * @param host the elements, dense, the last dimension varying fastest
   * @return the buffer, which the caller closes or donates
   * @throws IllegalArgumentException for memory of another size than the shape's
   */
  public ShardedBuffer whole(MemorySegment host, Shape shape) {
    return ShardedBuffer.scatter(this, Placement.replicated(mesh, shape), host);
  }

  /** Copies an array of type {@code F32} to every device. */
  public ShardedBuffer whole(float[] values, long... dimensions) {
    return whole(MemorySegment.ofArray(values), shape(DType.F32, dimensions));
  }

  /** Copies an array of type {@code I32} to every device. */
  public ShardedBuffer whole(int[] values, long... dimensions) {
    return whole(MemorySegment.ofArray(values), shape(DType.I32, dimensions));
  }

  /** Copies an array of words without a sign, of type {@code U32}, to every device. */
  public ShardedBuffer words(int[] values, long... dimensions) {
    return whole(MemorySegment.ofArray(values), shape(DType.U32, dimensions));
  }

  /** Copies one number to every device, as a scalar of type {@code F32}. */
  public ShardedBuffer scalar(float value) {
    return whole(new float[] {value});
  }

  /** Copies one number to every device, as a scalar of type {@code I32}. */
  public ShardedBuffer scalar(int value) {
    return whole(new int[] {value});
  }

  /** Axes that nothing else is named by. */
  private static Shape shape(DType dtype, long[] dimensions) {
    List<Axis> axes = new ArrayList<>();
    for (long size : dimensions) {
      axes.add(new Axis("dimension " + axes.size(), Math.toIntExact(size)));
    }
    return new Shape(dtype, axes);
  }

  /** Options that compile a program for these devices, in their order. */
  public CompileOptions compileOptions() {
    int count = devices.size();
    if (count == 1 && device().equals(client.device())) {
      return CompileOptions.singleDevice();
    }
    return new CompileOptions(
        1,
        count,
        count > 1,
        count > 1,
        List.of(devices.stream().map(Device::id).toList()),
        Map.of());
  }
}
