package dev.hlotune.trainer.verify;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.trainer.data.Batch;
import dev.hlotune.trainer.step.BatchTransfer;
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
record GradientRuns(Client client, StepCache programs, List<DeviceBuffer> weights) {

  /**
   * Computes loss and gradient of a batch.
   *
   * @param gradient takes the gradient, in the order of the parameters; it is freed afterwards
   * @return Σ w·loss
   */
  double run(Batch batch, Consumer<List<DeviceBuffer>> gradient) {
    List<DeviceBuffer> inputs = new ArrayList<>(weights);
    List<DeviceBuffer> passing = BatchTransfer.toDevice(client, batch);
    inputs.addAll(passing);
    List<DeviceBuffer> outputs = programs.get(batch.bucket()).run(inputs);
    try {
      gradient.accept(outputs.subList(2, outputs.size()));
      return outputs.getFirst().readFloats()[0];
    } finally {
      passing.forEach(DeviceBuffer::close);
      outputs.forEach(DeviceBuffer::close);
    }
  }
}
