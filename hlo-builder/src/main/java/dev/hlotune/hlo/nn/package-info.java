/**
 * Layers, attention and the loss, as functions from tensors to tensors.
 *
 * <p>Weights come in a {@link dev.hlotune.hlo.nn.ParamMap}, flat and ordered, under the names that
 * Hugging Face gives them; a model describes them as {@link dev.hlotune.hlo.nn.ParameterSpec}s. A
 * {@link dev.hlotune.hlo.nn.LayerStack} turns one layer into many, unrolled or as a loop. {@link
 * dev.hlotune.hlo.nn.Attention} and {@link dev.hlotune.hlo.nn.CrossEntropy} are the two places that
 * give their gradient by hand.
 *
 * <p>Axes by name: {@code batch} and {@code seq} of the input, {@code embed} of the residual,
 * {@code vocab}, {@code mlp}, {@code kv_head}, {@code group} (query heads that share a key) and
 * {@code head_dim}.
 */
@NullMarked
package dev.hlotune.hlo.nn;

import org.jspecify.annotations.NullMarked;
