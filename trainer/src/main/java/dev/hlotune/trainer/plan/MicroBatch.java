package dev.hlotune.trainer.plan;

/**
 * The largest micro-batch that fits.
 *
 * @param perDevice rows for {@code per_device_train_batch_size}
 * @param peak bytes of each device with it, as compiled
 * @param atLeast whether no larger one was tried, so that more may fit
 */
public record MicroBatch(int perDevice, long peak, boolean atLeast) {}
