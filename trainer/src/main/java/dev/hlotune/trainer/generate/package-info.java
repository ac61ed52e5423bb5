/**
 * Text from a model: greedy answers to the questions of a held-out set, compared token by token
 * with the reference.
 */
@NullMarked
package dev.hlotune.trainer.generate;

import org.jspecify.annotations.NullMarked;
