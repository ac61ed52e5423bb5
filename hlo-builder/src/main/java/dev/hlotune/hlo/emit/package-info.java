/**
 * StableHLO text of a {@link dev.hlotune.hlo.Program}.
 *
 * <p>{@link dev.hlotune.hlo.emit.Emitter} prints the module; nodes follow in the order of their
 * operands, so the text is the same for the same graph. Here, and nowhere else, axes have
 * positions: a value keeps the order that its operation gave it, contractions are flattened to the
 * two- or three-dimensional products that run fastest, and a transpose appears only where orders
 * truly disagree. A {@link dev.hlotune.hlo.emit.Partitioning} adds Shardy's annotations to inputs
 * and outputs.
 */
@NullMarked
package dev.hlotune.hlo.emit;

import org.jspecify.annotations.NullMarked;
