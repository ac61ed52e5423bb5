package dev.hlotune.sharding;

import dev.hlotune.hlo.ShapeException;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.Device;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

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

  /** Options that compile a program for these devices, in their order. */
  public CompileOptions compileOptions() {
    int count = devices.size();
    return new CompileOptions(
        1,
        count,
        count > 1,
        count > 1,
        List.of(devices.stream().map(Device::id).toList()),
        Map.of());
  }
}
