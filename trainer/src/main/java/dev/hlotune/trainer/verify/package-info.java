/**
 * Shows, on the user's own model and records, that what must not change a result does not change
 * it.
 *
 * <p><b>Packing.</b> {@link dev.hlotune.trainer.verify.PackingVerification} opens a recipe as a run
 * does and takes some of its examples ({@code PackedSample}): the longest, one in every bucket that
 * the run uses, and others across all lengths, in the rows in which the run's packer put them. For
 * each of them it computes loss and gradient twice with the program that training differentiates:
 * alone in a row of its own, and in its packed row among its neighbours, of which only the
 * example's own targets have weight. Then a whole packed batch of each bucket is compared with the
 * sum of its examples, each alone.
 *
 * <p>Gradients are compared on the host, tensor by tensor ({@code HostGradient}, {@link
 * dev.hlotune.trainer.verify.GradientDifference}), so that the device never holds more than the
 * weights and one gradient, which is less than a training step does. What comes out is a {@link
 * dev.hlotune.trainer.verify.PackingReport}; nothing is printed here.
 *
 * <p><b>Resuming.</b> {@link dev.hlotune.trainer.verify.ResumeVerification} trains the first
 * updates of a recipe twice, once with a checkpoint and a new start between them; figures, weights
 * and optimizer state must be the same to the last bit.
 *
 * <p>That a wrong layout would be noticed is tested: rows whose documents see one another, or whose
 * positions run on, fail the verification in every number format.
 */
@NullMarked
package dev.hlotune.trainer.verify;

import org.jspecify.annotations.NullMarked;
