/**
 * Many runs of one recipe, each with other values of some keys, and what came of them.
 *
 * <p>{@link dev.hlotune.configs.SweepRecipe} has read and checked every point before {@link
 * dev.hlotune.trainer.sweep.Sweep} begins. It looks at what is there of each ({@code PointPlan}):
 * one that is complete and of the same recipe is not run again, one that was interrupted goes on
 * from its checkpoint, one of another recipe is refused before anything runs. A point is run as
 * {@code hlotune sft} would, in a directory of its own; {@link
 * dev.hlotune.trainer.sweep.PointResult} is what it came to, and is written beside its results. A
 * point that diverges or fails is a result too.
 *
 * <p>Learning rates, seeds, ranks and dropout are inputs of the compiled programs, so one point
 * compiles and the others find its programs in the cache; the results count both. After each point
 * {@link dev.hlotune.trainer.sweep.SweepReport} writes the table and the two plots anew, from the
 * results and the curves in each {@code metrics.jsonl} ({@code Curve}).
 *
 * <p>Nothing is printed here: who watches gives a {@link dev.hlotune.trainer.sweep.SweepObserver}.
 */
@NullMarked
package dev.hlotune.trainer.sweep;

import org.jspecify.annotations.NullMarked;
