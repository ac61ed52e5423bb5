/** A plain-Java evaluator of any graph, slow and obvious. */
@NullMarked
package dev.hlotune.hlo.reference;

import org.jspecify.annotations.NullMarked;
