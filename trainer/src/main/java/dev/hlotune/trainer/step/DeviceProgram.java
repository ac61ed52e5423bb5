package dev.hlotune.trainer.step;

import dev.hlotune.hlo.Shape;
import dev.hlotune.pjrt.CompiledMemory;
import dev.hlotune.pjrt.LoadedExecutable;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Placement;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.ShardedProgram;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A program compiled for devices.
 *
 * @param text its StableHLO
 * @param sharded what runs it
 */
public record DeviceProgram(String text, ShardedProgram sharded) implements AutoCloseable {

  /**
   * Starts a run; results may be passed on at once.
   *
   * @param arguments buffers in the order of the program's inputs; donated ones are gone afterwards
   * @return results in the order of the program's outputs, owned by the caller
   */
  public List<ShardedBuffer> run(List<ShardedBuffer> arguments) {
    return sharded.run(arguments);
  }

  /** The devices that it runs on. */
  public DeviceMesh devices() {
    return sharded.devices();
  }

  /** What is loaded on the devices. */
  public LoadedExecutable executable() {
    return sharded.executable();
  }

  /** What the compiler says of its memory, on each device. */
  public CompiledMemory memory() {
    return executable().memory();
  }

  /** The shape of an input. */
  public Shape shape(String input) {
    return placement(input).shape();
  }

  /**
   * Copies an array to where the program takes it.
   *
   * @param input its name among the program's inputs
   * @param host the whole array, dense
   * @return the buffer, which the caller closes or donates
   */
  public ShardedBuffer put(String input, MemorySegment host) {
    return ShardedBuffer.scatter(devices(), placement(input), host);
  }

  private Placement placement(String input) {
    return sharded.placement().inputs().get(input);
  }

  @Override
  public void close() {
    sharded.close();
  }
}
