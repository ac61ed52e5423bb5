package dev.hlotune.sharding.hosts;

import dev.hlotune.hlo.ShapeException;
import dev.hlotune.pjrt.Device;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Mesh;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which blocks of a dimension lie on some devices, such as the rows of a batch on those of one
 * process: consecutive ones of equal blocks. Processes whose devices hold the same rows, as with
 * tensor parallelism over several hosts, have the same blocks.
 *
 * @param first the first block, from 0
 * @param end the one after the last
 * @param of how many blocks there are
 */
public record HeldBlocks(int first, int end, int of) {
  /**
   * The blocks on the devices of this process.
   *
   * @param meshAxes what the dimension is split over, the outermost first
   * @throws ShapeException as {@link #of(Mesh, List, Collection)}
   */
  public static HeldBlocks here(DeviceMesh devices, List<String> meshAxes) {
    List<Device> all = devices.devices();
    return of(
        devices.mesh(),
        meshAxes,
        IntStream.range(0, all.size())
            .filter(number -> all.get(number).addressable())
            .boxed()
            .toList());
  }

  /**
   * The blocks on some devices.
   *
   * @param meshAxes what the dimension is split over, the outermost first
   * @param devices numbers of devices in the mesh
   * @throws ShapeException if there are none, or the blocks are not consecutive
   */
  public static HeldBlocks of(Mesh mesh, List<String> meshAxes, Collection<Integer> devices) {
    int blocks = meshAxes.stream().mapToInt(mesh::size).reduce(1, Math::multiplyExact);
    BitSet held = new BitSet(blocks);
    for (int device : devices) {
      int block = 0;
      for (String axis : meshAxes) {
        block = block * mesh.size(axis) + mesh.coordinate(device, axis);
      }
      held.set(block);
    }
    if (held.isEmpty() || held.length() - held.nextSetBit(0) != held.cardinality()) {
      throw new ShapeException(
          "mesh "
              + mesh.axes()
              + ": expected the devices of a process to hold consecutive blocks along "
              + meshAxes
              + ", got blocks "
              + held
              + "; order the devices by process");
    }
    return new HeldBlocks(held.nextSetBit(0), held.length(), blocks);
  }
}
