/**
 * Handles on an OpenXLA plugin through the PJRT C API: compile a program, move data, run it.
 *
 * <p>{@link dev.hlotune.pjrt.Plugin#load} opens a plugin's file; {@link
 * dev.hlotune.pjrt.Plugin#client} opens its devices. The {@link dev.hlotune.pjrt.Client} compiles
 * StableHLO text under {@link dev.hlotune.pjrt.CompileOptions} into a {@link
 * dev.hlotune.pjrt.LoadedExecutable}, and moves host memory to a {@link
 * dev.hlotune.pjrt.DeviceBuffer} of a {@link dev.hlotune.pjrt.BufferType}. A run takes buffers and
 * gives an {@link dev.hlotune.pjrt.Execution}: output buffers at once, and an {@link
 * dev.hlotune.pjrt.Event} for its end. What a program takes is its {@link
 * dev.hlotune.pjrt.Signature}, read from its text; arguments that the text marks as aliased are
 * donated: the program takes them over. A {@link dev.hlotune.pjrt.Topology} describes devices that
 * need not be present, and compiles an {@link dev.hlotune.pjrt.Executable} for them.
 *
 * <p>Where several processes share devices, each opens its client with a {@link
 * dev.hlotune.pjrt.KeyValueStore}, through which their plugins find one another.
 *
 * <p><b>Ownership.</b> Everything that implements {@code AutoCloseable} is closed by whoever got
 * it. Closing twice does nothing; use after closing or donating is an {@code IllegalStateException}
 * that names the object. Closing a client closes what was made with it. What was dropped unclosed
 * is freed later and reported in the log; {@link dev.hlotune.pjrt.Handles#live} counts what is
 * open. Handles may be used by any thread, and closed while another uses them: the native object
 * goes when the last call on it has returned.
 *
 * <p><b>Failure.</b> A plugin's error is a {@link dev.hlotune.pjrt.PjrtException} with its code,
 * the C function and the plugin's message. Mistakes that would end the process inside a plugin are
 * refused before it is called, by the same exception.
 */
@NullMarked
package dev.hlotune.pjrt;

import org.jspecify.annotations.NullMarked;
