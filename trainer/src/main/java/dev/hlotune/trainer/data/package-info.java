/** From files to batches. */
@NullMarked
package dev.hlotune.trainer.data;

import org.jspecify.annotations.NullMarked;
