package dev.hlotune.sharding;

import dev.hlotune.hlo.ShapeException;
import dev.hlotune.pjrt.BufferType;
import dev.hlotune.pjrt.Device;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.pjrt.Execution;
import dev.hlotune.pjrt.LoadedExecutable;
import java.util.ArrayList;
import java.util.List;

/**
 * A program compiled for a mesh, which takes and gives whole arrays.
 *
 * @param devices what it runs on
 * @param placement where its inputs and outputs lie
 * @param executable compiled with {@link DeviceMesh#compileOptions} from text emitted with {@link
 *     ProgramPlacement#partitioning}, or loaded again; closed with this
 */
public record ShardedProgram(
    DeviceMesh devices, ProgramPlacement placement, LoadedExecutable executable)
    implements AutoCloseable {
  /**
   * A program on these devices.
   *
   * @throws ShapeException if placements are on another mesh, or the executable runs on other
   *     devices or in another order, or gives something else; the executable then stays the
   *     caller's
   */
  public ShardedProgram {
    if (!placement.mesh().equals(devices.mesh())) {
      throw new ShapeException(
          executable
              + ": expected placements on mesh "
              + devices.mesh().axes()
              + ", got "
              + placement.mesh().axes());
    }
    List<Device> local = devices.local().stream().map(devices.devices()::get).toList();
    if (!executable.devices().equals(local)) {
      throw new ShapeException(
          executable
              + ": expected to run on "
              + local
              + ", got "
              + executable.devices()
              + "; compile it for these devices");
    }
    List<BufferType> expected =
        placement.outputs().values().stream()
            .map(output -> ShardedBuffer.type(output.shard()))
            .toList();
    if (!executable.outputs().equals(expected)) {
      throw new ShapeException(
          executable + ": expected results " + expected + ", got " + executable.outputs());
    }
  }

  /**
   * Starts a run; results may be passed on at once.
   *
   * @param arguments in the order of the program's inputs; donated ones are gone afterwards
   * @return results in the order of the program's outputs, owned by the caller
   * @throws ShapeException for another number of arguments, or one that is placed otherwise
   * @throws IllegalStateException if an argument or the program was closed or donated
   */
  public List<ShardedBuffer> run(List<ShardedBuffer> arguments) {
    check(arguments);
    List<Integer> local = devices.local();
    int count = local.size();
    List<List<DeviceBuffer>> perDevice = new ArrayList<>(count);
    for (int device = 0; device < count; device++) {
      List<DeviceBuffer> shards = new ArrayList<>(arguments.size());
      for (ShardedBuffer argument : arguments) {
        shards.add(argument.shards().get(device));
      }
      perDevice.add(shards);
    }
    List<Execution> runs = executable.executeSharded(perDevice);
    runs.forEach(run -> run.done().close());
    List<Placement> outputs = placement.outputs().values();
    List<ShardedBuffer> results = new ArrayList<>(outputs.size());
    for (int output = 0; output < outputs.size(); output++) {
      List<DeviceBuffer> shards = new ArrayList<>(count);
      for (Execution run : runs) {
        shards.add(run.output(output));
      }
      results.add(ShardedBuffer.result(outputs.get(output), local, List.copyOf(shards)));
    }
    return results;
  }

  /** What would run and give wrong numbers: equal shards can be of different blocks. */
  private void check(List<ShardedBuffer> arguments) {
    List<String> names = placement.inputs().names();
    if (arguments.size() != names.size()) {
      throw new ShapeException(
          executable + ": expected " + names.size() + " arguments, got " + arguments.size());
    }
    List<Placement> inputs = placement.inputs().values();
    for (int index = 0; index < names.size(); index++) {
      if (!arguments.get(index).fits(inputs.get(index))) {
        throw new ShapeException(
            executable
                + ": expected argument \""
                + names.get(index)
                + "\" to be "
                + inputs.get(index)
                + ", got "
                + arguments.get(index).placement());
      }
    }
  }

  @Override
  public void close() {
    executable.close();
  }
}
