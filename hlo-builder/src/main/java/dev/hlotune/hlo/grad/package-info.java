/** Reverse-mode differentiation, a graph to a graph. */
@NullMarked
package dev.hlotune.hlo.grad;

import org.jspecify.annotations.NullMarked;
