/**
 * Optimizers as pairs of pure functions, and learning-rate schedules.
 *
 * <p>An {@link dev.hlotune.hlo.optim.Optimizer} applies a {@link
 * dev.hlotune.hlo.optim.GradientTransformation}, usually a {@link dev.hlotune.hlo.optim.Chain} such
 * as clip, scale by Adam, add decayed weights, scale by the learning rate. Each stage says what
 * state it keeps ({@code init}) and maps gradients and state to updates and state ({@code update}),
 * all as graph. State is a flat map by name that starts at zero, and a step gives back the shapes
 * that it took.
 *
 * <p>{@link dev.hlotune.hlo.optim.Optimizers} has the chains that runs use. What differs from
 * weight to weight is a {@link dev.hlotune.hlo.optim.PerWeight}, by the weight's name in files; a
 * stacked weight has a number for each of its layers, and a stage that looks at a whole matrix
 * looks at each layer's. A {@link dev.hlotune.hlo.optim.Partition} sends some weights one way and
 * the rest another.
 *
 * <p>The learning rate is an input of the step. A group of weights is a constant factor of it. A
 * {@link dev.hlotune.hlo.optim.Schedule} computes it on the host.
 */
@NullMarked
package dev.hlotune.hlo.optim;

import org.jspecify.annotations.NullMarked;
