package dev.hlotune.trainer.step;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.trainer.data.Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights and optimizer state on the device. A step donates them and gives new ones, so that there
 * is never a second copy; an instance must not be used after it went into a step.
 *
 * @param weights one buffer per weight, in the model's order
 * @param optimizer one buffer per piece of optimizer state
 */
public record TrainState(List<DeviceBuffer> weights, List<DeviceBuffer> optimizer)
    implements AutoCloseable {
  public TrainState {
    weights = List.copyOf(weights);
    optimizer = List.copyOf(optimizer);
  }

  /**
   * A step that was started.
   *
   * @param state the state after it
   * @param metrics f32 {@code [3]}, see {@link TrainProgram}; owned by the caller
   */
  public record Stepped(TrainState state, DeviceBuffer metrics) {}

  /** Starts one optimizer step; returns at once. */
  public Stepped step(Client client, DeviceProgram program, Batch batch, double learningRate) {
    List<DeviceBuffer> inputs = new ArrayList<>(weights);
    inputs.addAll(optimizer);
    List<DeviceBuffer> passing = new ArrayList<>(BatchTransfer.toDevice(client, batch));
    passing.add(client.scalar((float) learningRate, client.device()));
    inputs.addAll(passing);
    List<DeviceBuffer> outputs = program.run(inputs);
    passing.forEach(DeviceBuffer::close);
    int last = outputs.size() - 1;
    return new Stepped(
        new TrainState(outputs.subList(0, weights.size()), outputs.subList(weights.size(), last)),
        outputs.get(last));
  }

  @Override
  public void close() {
    weights.forEach(DeviceBuffer::close);
    optimizer.forEach(DeviceBuffer::close);
  }
}
