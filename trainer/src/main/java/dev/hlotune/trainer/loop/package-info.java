/** The training loop and its hooks. */
@NullMarked
package dev.hlotune.trainer.loop;

import org.jspecify.annotations.NullMarked;
