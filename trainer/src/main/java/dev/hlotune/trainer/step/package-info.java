/** The compiled training step. */
@NullMarked
package dev.hlotune.trainer.step;

import org.jspecify.annotations.NullMarked;
