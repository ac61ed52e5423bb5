package dev.hlotune.trainer.step;

import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.data.Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights and optimizer state on the devices. A step donates what it changes and gives it new, so
 * that there is never a second copy; an instance must not be used after it went into a step.
 *
 * @param weights one buffer per weight, in the model's order
 * @param trained for each of them whether a step changes it
 * @param optimizer one buffer per piece of optimizer state
 */
public record TrainState(
    List<ShardedBuffer> weights, List<Boolean> trained, List<ShardedBuffer> optimizer)
    implements AutoCloseable {
  public TrainState {
    weights = List.copyOf(weights);
    trained = List.copyOf(trained);
    optimizer = List.copyOf(optimizer);
  }

  /**
   * A step that was started.
   *
   * @param state the state after it
   * @param metrics f32, see {@link TrainProgram}; owned by the caller
   */
  public record Stepped(TrainState state, ShardedBuffer metrics) {}

  /** The start of a run. */
  public static TrainState of(
      Tuning tuning, List<ShardedBuffer> weights, List<ShardedBuffer> optimizer) {
    return new TrainState(
        weights,
        tuning.model().parameters().names().stream().map(tuning::trains).toList(),
        optimizer);
  }

  /**
   * The state at the start of a stage that trains other weights: the weights as they are, and fresh
   * optimizer state. This one must not be used afterwards.
   *
   * @param storage of optimizer state
   */
  public TrainState into(Storage storage, Training training) {
    optimizer.forEach(ShardedBuffer::close);
    return of(training.tuning(), weights, Weights.zeros(storage, TrainProgram.state(training)));
  }

  /**
   * What changes from step to step beside the batch.
   *
   * @param learningRate of this step
   * @param number of the step, by which its random bits differ from those of others
   * @param regularization as the program was made with
   * @param seed of the run's random bits
   */
  public record Settings(
      double learningRate, int number, Regularization regularization, long seed) {
    /** Of a step without regularization. */
    public static Settings of(double learningRate) {
      return new Settings(learningRate, 0, Regularization.NONE, 0);
    }
  }

  /** Starts one optimizer step; returns at once. */
  public Stepped step(DeviceProgram program, Batch batch, Settings settings) {
    List<ShardedBuffer> inputs = new ArrayList<>(weights);
    inputs.addAll(optimizer);
    List<ShardedBuffer> passing = new ArrayList<>(BatchTransfer.toDevices(program, batch));
    passing.add(program.devices().scalar((float) settings.learningRate()));
    passing.addAll(
        StepSettings.toDevices(
            program.devices(), settings.regularization(), settings.seed(), settings.number()));
    inputs.addAll(passing);
    List<ShardedBuffer> outputs = program.run(inputs);
    passing.forEach(ShardedBuffer::close);
    List<ShardedBuffer> after = new ArrayList<>(weights);
    int at = 0;
    for (int i = 0; i < after.size(); i++) {
      if (trained.get(i)) {
        after.set(i, outputs.get(at++));
      }
    }
    int last = outputs.size() - 1;
    return new Stepped(
        new TrainState(after, trained, outputs.subList(at, last)), outputs.get(last));
  }

  @Override
  public void close() {
    weights.forEach(ShardedBuffer::close);
    optimizer.forEach(ShardedBuffer::close);
  }
}
