/** Run configurations as validated records. */
@NullMarked
package dev.hlotune.configs;

import org.jspecify.annotations.NullMarked;
