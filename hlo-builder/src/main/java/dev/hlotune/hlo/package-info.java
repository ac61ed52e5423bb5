/**
 * Typed tensors over named axes, the language every model is written in.
 *
 * <p>A {@link dev.hlotune.hlo.Tensor} is one result of one node, an {@link dev.hlotune.hlo.Op}; a
 * graph is nothing but tensors that hold on to one another. {@link dev.hlotune.hlo.Tensors} and the
 * methods of a tensor make new ones, checking shapes as they go. Loops and rematerialized blocks
 * carry a {@link dev.hlotune.hlo.Region}, a function inside the graph.
 *
 * <p>Passes read the graph with {@link dev.hlotune.hlo.Graph} and change it with {@link
 * dev.hlotune.hlo.Rewriter}: the gradient ({@code hlo.grad}), the emitter ({@code hlo.emit}) and
 * the evaluator ({@code hlo.reference}) are exhaustive switches over the same closed set of
 * records. A {@link dev.hlotune.hlo.Program} fixes the order of inputs and outputs.
 *
 * <p>Axes have names here and positions only in the emitter, which also decides the order of
 * dimensions of everything between the program's inputs and outputs.
 */
@NullMarked
package dev.hlotune.hlo;

import org.jspecify.annotations.NullMarked;
