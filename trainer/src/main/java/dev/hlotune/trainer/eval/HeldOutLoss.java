package dev.hlotune.trainer.eval;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.trainer.data.BatchPlan;
import dev.hlotune.trainer.data.LoadedBatch;
import dev.hlotune.trainer.data.Loader;
import dev.hlotune.trainer.step.BatchTransfer;
import dev.hlotune.trainer.step.StepCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The loss on examples that are not trained on: Σ w·loss / Σ w over all of them, whatever batches
 * they come in.
 *
 * @param loss the mean over supervised tokens
 * @param supervised how many there were
 */
public record HeldOutLoss(double loss, long supervised) {
  private static final int AHEAD = 2;

  /**
   * Measures it; empty if it was asked to stop meanwhile.
   *
   * @param programs evaluation programs by bucket
   * @param weights the model's weights, which stay
   */
  public static Optional<HeldOutLoss> measure(
      Client client,
      StepCache programs,
      List<DeviceBuffer> weights,
      BatchPlan plan,
      AtomicBoolean stop) {
    double lossSum = 0;
    double weightSum = 0;
    long supervised = 0;
    try (Loader loader = Loader.epoch(plan, AHEAD)) {
      while (loader.hasNext()) {
        if (stop.get()) {
          return Optional.empty();
        }
        LoadedBatch loaded = loader.next();
        List<DeviceBuffer> inputs = new ArrayList<>(weights);
        List<DeviceBuffer> batch = BatchTransfer.toDevice(client, loaded.batch());
        inputs.addAll(batch);
        List<DeviceBuffer> outputs = programs.get(loaded.batch().bucket()).run(inputs);
        batch.forEach(DeviceBuffer::close);
        try (DeviceBuffer metrics = outputs.getFirst()) {
          float[] sums = metrics.readFloats();
          lossSum += sums[0];
          weightSum += sums[1];
        }
        supervised += loaded.batch().counts().supervised();
      }
    }
    return Optional.of(new HeldOutLoss(weightSum == 0 ? 0 : lossSum / weightSum, supervised));
  }
}
