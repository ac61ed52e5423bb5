/** Typed tensors over named axes, the language every model is written in. */
@NullMarked
package dev.hlotune.hlo;

import org.jspecify.annotations.NullMarked;
