/**
 * Fetches one file of the Python package index and checks it, as pip would and with pip's own
 * settings, but without Python.
 *
 * <p>{@link dev.hlotune.pjrt.internal.fetch.PipSettings} reads the environment and pip's
 * configuration files; {@link dev.hlotune.pjrt.internal.fetch.Web} makes requests through the proxy
 * and with the certificates that they name; {@link dev.hlotune.pjrt.internal.fetch.IndexPage} finds
 * a file's address on an index page; {@link dev.hlotune.pjrt.internal.fetch.Download} fetches it,
 * going on where an earlier attempt stopped, and checks its digest.
 */
@NullMarked
package dev.hlotune.pjrt.internal.fetch;

import org.jspecify.annotations.NullMarked;
