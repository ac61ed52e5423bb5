package dev.hlotune.trainer.step;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.DeviceBuffer;
import dev.hlotune.trainer.data.Batch;
import java.util.List;

/** Copies batches to the device. */
public final class BatchTransfer {
  private BatchTransfer() {}

  /** The buffers of a batch in the order of a program's batch inputs, owned by the caller. */
  public static List<DeviceBuffer> toDevice(Client client, Batch batch) {
    long[] dimensions =
        batch.microBatches() > 1
            ? new long[] {batch.microBatches(), batch.bucket().rows(), batch.bucket().length()}
            : new long[] {batch.bucket().rows(), batch.bucket().length()};
    return List.of(
        client.transfer(batch.tokens(), client.device(), dimensions),
        client.transfer(batch.targets(), client.device(), dimensions),
        client.transfer(batch.segments(), client.device(), dimensions),
        client.transfer(batch.positions(), client.device(), dimensions),
        client.transfer(batch.weights(), client.device(), dimensions));
  }
}
