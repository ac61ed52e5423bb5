/**
 * Model families, one file each, that read like their papers.
 *
 * <p>A family is a record over its configuration that implements {@link
 * dev.hlotune.hlo.models.CausalModel}: which weights there are, and how hidden states follow from
 * them. {@link dev.hlotune.hlo.models.Families} finds it by {@code model_type}. The loss, the
 * gradient and the optimizer know nothing of families.
 */
@NullMarked
package dev.hlotune.hlo.models;

import org.jspecify.annotations.NullMarked;
