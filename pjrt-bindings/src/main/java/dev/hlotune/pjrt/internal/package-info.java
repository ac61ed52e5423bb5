/** The one path by which every function of the plugin is called. */
@NullMarked
package dev.hlotune.pjrt.internal;

import org.jspecify.annotations.NullMarked;
