/** What is supervised. */
@NullMarked
package dev.hlotune.trainer.audit;

import org.jspecify.annotations.NullMarked;
