/**
 * What the trainer costs: the step against the machine's own matrix product, compilation, memory,
 * the host's share and the preparation of data, all in one run so that figures can be compared.
 */
@NullMarked
package dev.hlotune.trainer.bench;

import org.jspecify.annotations.NullMarked;
