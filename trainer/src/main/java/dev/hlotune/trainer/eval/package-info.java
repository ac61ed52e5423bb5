/** What a model is worth on data that it was not trained on. */
@NullMarked
package dev.hlotune.trainer.eval;

import org.jspecify.annotations.NullMarked;
