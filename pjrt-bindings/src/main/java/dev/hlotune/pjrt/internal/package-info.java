/**
 * What stands between the handles and the plugin, and knows nothing of the handles.
 *
 * <p>{@link dev.hlotune.pjrt.internal.NativeLibrary} opens the shared library and keeps the
 * loader's own message when that fails. {@link dev.hlotune.pjrt.internal.Api} is the one call path:
 * a {@link dev.hlotune.pjrt.internal.Function} gives a zeroed, sized argument structure, {@code
 * Api.call} checks that the plugin has the function, invokes it and turns a {@code PJRT_Error} into
 * an exception, which {@link dev.hlotune.pjrt.internal.Failures} makes so that this package needs
 * no type of the exported one. {@link dev.hlotune.pjrt.internal.Handle} is the life of one native
 * object (open, in use, closed or given away) and {@link dev.hlotune.pjrt.internal.Ledger} the list
 * of those that one client owns.
 *
 * <p>The rest fetches one file of the Python package index and checks it, as pip would and with
 * pip's own settings, but without Python. {@link dev.hlotune.pjrt.internal.PipSettings} reads the
 * environment and pip's configuration files; {@link dev.hlotune.pjrt.internal.IndexPage} finds a
 * file's address on an index page; {@link dev.hlotune.pjrt.internal.WheelSource} tries one place
 * after another, with the client of {@link dev.hlotune.pjrt.web}; {@link
 * dev.hlotune.pjrt.internal.PluginStore} unpacks it into the cache.
 */
@NullMarked
package dev.hlotune.pjrt.internal;

import org.jspecify.annotations.NullMarked;
