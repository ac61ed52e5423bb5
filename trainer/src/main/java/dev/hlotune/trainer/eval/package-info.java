/** Evaluation. */
@NullMarked
package dev.hlotune.trainer.eval;

import org.jspecify.annotations.NullMarked;
