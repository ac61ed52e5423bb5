package dev.hlotune.pjrt;

import java.util.List;

/**
 * A run of a program on one device that was started.
 *
 * @param outputs its results, in order, usable at once: whatever uses them waits for them
 * @param done when the run has ended, with its failure if it failed
 */
public record Execution(List<DeviceBuffer> outputs, Event done) implements AutoCloseable {
  /**
   * A run.
   *
   * @param outputs kept as they are; the list must not change
   */
  public Execution {}

  /** One of the results. */
  public DeviceBuffer output(int index) {
    return outputs.get(index);
  }

  /** Closes the results and the event; the run goes on to its end. */
  @Override
  public void close() {
    outputs.forEach(DeviceBuffer::close);
    done.close();
  }
}
