/**
 * Reverse-mode differentiation, written in the DSL itself.
 *
 * <p>{@link dev.hlotune.hlo.grad.Gradient} is the way in. A pullback walks the nodes between the
 * tensors differentiated by and the outputs, once, backwards; one rule per operation passes
 * cotangents on. Loops and rematerialized blocks are differentiated through their bodies, and what
 * their forward pass has to keep is chosen by the block's {@link dev.hlotune.hlo.Remat}.
 */
@NullMarked
package dev.hlotune.hlo.grad;

import org.jspecify.annotations.NullMarked;
