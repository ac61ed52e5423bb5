/**
 * Model families, one file each, that read like their papers.
 *
 * <p>A family is a record of parts that implements {@link dev.hlotune.hlo.models.CausalModel}:
 * which weights there are, and how hidden states follow from them. Its {@code of} reads a {@link
 * dev.hlotune.hlo.models.ModelConfig} with the defaults of transformers' own class, and refuses
 * what it does not implement; {@code DecoderSizes}, {@code RopeConfig} and {@code LayerTypes} read
 * what several families have in common. {@link dev.hlotune.hlo.models.Families} finds the family by
 * {@code model_type}. The loss, the gradient and the optimizer know nothing of families.
 */
@NullMarked
package dev.hlotune.hlo.models;

import org.jspecify.annotations.NullMarked;
