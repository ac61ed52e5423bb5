/** Optimizers as pairs of pure functions. */
@NullMarked
package dev.hlotune.hlo.optim;

import org.jspecify.annotations.NullMarked;
