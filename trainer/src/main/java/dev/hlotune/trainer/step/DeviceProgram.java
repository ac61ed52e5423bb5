package dev.hlotune.trainer.step;

import dev.hlotune.pjrt.CompiledMemory;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.pjrt.Execution;
import dev.hlotune.pjrt.LoadedExecutable;
import java.util.List;

/**
 * A program compiled for a device.
 *
 * @param text its StableHLO
 * @param executable what runs it
 */
public record DeviceProgram(String text, LoadedExecutable executable) implements AutoCloseable {

  /**
   * Starts a run; results may be passed on at once.
   *
   * @param arguments buffers in the order of the program's inputs; donated ones are gone afterwards
   * @return results in the order of the program's outputs, owned by the caller
   */
  public List<DeviceBuffer> run(List<DeviceBuffer> arguments) {
    Execution execution = executable.execute(arguments);
    execution.done().close();
    return execution.outputs();
  }

  /** What the compiler says of its memory. */
  public CompiledMemory memory() {
    return executable.memory();
  }

  @Override
  public void close() {
    executable.close();
  }
}
