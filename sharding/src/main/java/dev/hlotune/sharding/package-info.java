/** Meshes, axis rules and where each array is placed. */
@NullMarked
package dev.hlotune.sharding;

import org.jspecify.annotations.NullMarked;
