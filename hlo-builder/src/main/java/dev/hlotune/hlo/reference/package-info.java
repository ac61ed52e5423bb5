/**
 * A plain-Java evaluator of any graph, slow and obvious.
 *
 * <p>{@link dev.hlotune.hlo.reference.Evaluator} walks a graph once, operands first, and keeps an
 * {@link dev.hlotune.hlo.reference.NdArray} of doubles for every result. The switch over operations
 * stands in {@code Scope}, which also runs the regions of loops and blocks; {@code Scalars}, {@code
 * Movement} and {@code Arithmetic} do the work. {@link dev.hlotune.hlo.reference.Precision} says
 * whether results are rounded to their element type after each operation, as a device does, or kept
 * in double precision, which central differences need.
 */
@NullMarked
package dev.hlotune.hlo.reference;

import org.jspecify.annotations.NullMarked;
