package dev.hlotune.trainer.verify;

import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.step.BatchTransfer;
import dev.hlotune.trainer.step.DeviceProgram;
import dev.hlotune.trainer.step.StepCache;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs gradient programs over fixed weights.
 *
 * @param programs {@link dev.hlotune.trainer.step.GradientProgram} for each bucket
 * @param weights on the device; they stay
 */
record GradientRuns(StepCache programs, List<ShardedBuffer> weights) {

  /**
   * Computes loss and gradient of a batch.
   *
   * @param gradient takes the gradient, in the order of the parameters; it is freed afterwards
   * @return Σ w·loss
   */
  double run(Batch batch, Consumer<List<ShardedBuffer>> gradient) {
    DeviceProgram program = programs.get(batch.bucket());
    List<ShardedBuffer> inputs = new ArrayList<>(weights);
    List<ShardedBuffer> passing = BatchTransfer.toDevices(program, batch);
    inputs.addAll(passing);
    List<ShardedBuffer> outputs = program.run(inputs);
    try {
      gradient.accept(outputs.subList(2, outputs.size()));
      return outputs.getFirst().readFloats()[0];
    } finally {
      passing.forEach(ShardedBuffer::close);
      outputs.forEach(ShardedBuffer::close);
    }
  }
}
