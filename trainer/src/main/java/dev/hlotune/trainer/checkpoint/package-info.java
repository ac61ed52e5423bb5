/** Model files and training state on disk. */
@NullMarked
package dev.hlotune.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
