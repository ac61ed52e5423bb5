/** Text generation. */
@NullMarked
package dev.hlotune.trainer.generate;

import org.jspecify.annotations.NullMarked;
