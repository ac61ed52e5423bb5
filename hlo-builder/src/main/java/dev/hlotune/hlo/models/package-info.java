/** Model families, one file each. */
@NullMarked
package dev.hlotune.hlo.models;

import org.jspecify.annotations.NullMarked;
