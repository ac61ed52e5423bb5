/** Data sets and models of the Hugging Face hub. */
@NullMarked
package dev.hlotune.trainer.hub;

import org.jspecify.annotations.NullMarked;
