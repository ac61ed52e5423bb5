/** The StableHLO text of a graph. */
@NullMarked
package dev.hlotune.hlo.emit;

import org.jspecify.annotations.NullMarked;
