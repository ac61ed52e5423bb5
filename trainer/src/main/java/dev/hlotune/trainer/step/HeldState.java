package dev.hlotune.trainer.step;

import java.util.List;

/**
 * The state of a training at one moment, to be written to files.
 *
 * @param weights in the model's order
 * @param optimizer in the order of {@link TrainProgram#state}
 */
public record HeldState(List<HeldArray> weights, List<HeldArray> optimizer) {
  /** Keeps its own copies of the lists. */
  public HeldState {
    weights = List.copyOf(weights);
    optimizer = List.copyOf(optimizer);
  }

  /** As it lies on the device; to be read before the next step takes it. */
  public static HeldState of(TrainState state) {
    return new HeldState(
        HeldArray.onDevice(state.weights()), HeldArray.onDevice(state.optimizer()));
  }
}
