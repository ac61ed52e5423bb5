/** Layers and losses. */
@NullMarked
package dev.hlotune.hlo.nn;

import org.jspecify.annotations.NullMarked;
