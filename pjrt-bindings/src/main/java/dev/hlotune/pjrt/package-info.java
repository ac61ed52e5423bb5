/** Handles on an OpenXLA plugin: clients, devices, buffers and executables. */
@NullMarked
package dev.hlotune.pjrt;

import org.jspecify.annotations.NullMarked;
