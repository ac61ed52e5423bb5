/**
 * Layers, attention and the loss.
 *
 * <p>Weights come in a {@link dev.hlotune.hlo.nn.ParamMap}, flat and ordered, under the names that
 * Hugging Face gives them; a model describes them as {@link dev.hlotune.hlo.nn.ParameterSpec}s. A
 * {@link dev.hlotune.hlo.nn.Part} is both at once: the names of its weights, and the function of
 * them ({@code Linear}, {@code RmsNorm}, {@code SelfAttention}, {@code GatedMlp} …). A {@link
 * dev.hlotune.hlo.nn.LayerStack} turns one layer into many, unrolled or as a loop, also where they
 * differ by a pattern. {@link dev.hlotune.hlo.nn.Vocabulary} is where tokens go in and logits come
 * out. {@link dev.hlotune.hlo.nn.Attention} and {@link dev.hlotune.hlo.nn.CrossEntropy} are the two
 * places that give their gradient by hand.
 *
 * <p>Positions are rotations: a {@link dev.hlotune.hlo.nn.Rope} says by which angles, with one of
 * the {@link dev.hlotune.hlo.nn.RopeScaling}s, and makes the {@link dev.hlotune.hlo.nn.Rotary} of a
 * batch, which rotates queries and keys.
 *
 * <p>Axes by name: {@code batch} and {@code seq} of the input, {@code embed} of the residual,
 * {@code vocab}, {@code mlp}, {@code kv_head}, {@code group} (query heads that share a key) and
 * {@code head_dim}.
 */
@NullMarked
package dev.hlotune.hlo.nn;

import org.jspecify.annotations.NullMarked;
