/**
 * A model, a loss and an optimizer as one compiled program, and what runs it.
 *
 * <p>{@link dev.hlotune.trainer.step.TrainProgram} writes the optimizer step for one bucket, {@link
 * dev.hlotune.trainer.step.LogProbsProgram} how probable the model finds each token; {@link
 * dev.hlotune.trainer.step.ProgramCompiler} compiles them and {@link
 * dev.hlotune.trainer.step.StepCache} holds the closed set of them. {@link
 * dev.hlotune.trainer.step.TrainState} goes through a step and comes out as its successor; {@link
 * dev.hlotune.trainer.step.Weights} fills it from a file or a seed and reads it back, a piece at a
 * time ({@code WeightUpload}, {@code HeldTensor}), so that no weight is ever on the heap.
 */
@NullMarked
package dev.hlotune.trainer.step;

import org.jspecify.annotations.NullMarked;
