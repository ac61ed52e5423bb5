/**
 * Devices that a program can be compiled for, present or not.
 *
 * <p>A {@link dev.hlotune.trainer.hardware.Target} is what {@code --target} names: the processor of
 * this machine, some GPUs of a {@link dev.hlotune.trainer.hardware.GpuModel}, or a slice of TPUs of
 * a {@link dev.hlotune.trainer.hardware.TpuVersion}. It opens the topology that a plugin compiles
 * for. A {@link dev.hlotune.trainer.hardware.Card} has the vendor's figures of one device, by which
 * a plan says whether a program fits and how long it can take at the least.
 */
@NullMarked
package dev.hlotune.trainer.hardware;

import org.jspecify.annotations.NullMarked;
