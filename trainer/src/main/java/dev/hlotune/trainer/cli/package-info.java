/** The command line. */
@NullMarked
package dev.hlotune.trainer.cli;

import org.jspecify.annotations.NullMarked;
