/**
 * Files fetched over HTTP as the rest of the machine would fetch them: through its proxies, with
 * its certificates, going on after an interruption, checked at the end. Nothing here knows what is
 * fetched; plugins are one use, models and data sets of the Hugging Face hub another.
 *
 * <p>{@link dev.hlotune.pjrt.web.WebSettings} is what a client needs to know of the machine; {@link
 * dev.hlotune.pjrt.web.Web} sends a {@link dev.hlotune.pjrt.web.WebRequest} and gives a {@link
 * dev.hlotune.pjrt.web.WebAnswer}. It follows redirects itself, so that a name, password or token
 * stays with the host that it is for, and it gives up on a connection that has gone silent. {@link
 * dev.hlotune.pjrt.web.Patience} says how often something is tried again and how long is waited.
 * {@link dev.hlotune.pjrt.web.Download} fetches a {@link dev.hlotune.pjrt.web.WantedFile} and holds
 * it to its {@link dev.hlotune.pjrt.web.Checksum}; {@link dev.hlotune.pjrt.web.HeldLock} keeps
 * other processes from fetching the same meanwhile.
 */
@NullMarked
package dev.hlotune.pjrt.web;

import org.jspecify.annotations.NullMarked;
