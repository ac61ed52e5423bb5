/**
 * Data sets and models of the Hugging Face hub, by their ids, without Python.
 *
 * <p>{@link dev.hlotune.trainer.hub.Hub} is all that others use. A revision is asked for its commit
 * and a commit for its files ({@code Snapshots}, {@code HubClient}); what is wanted of them is
 * fetched, four at once ({@code Fetching}), each held to the checksum that the hub gives for it,
 * and put into the cache ({@code RepositoryCache}), whose layout is that of {@code
 * huggingface_hub}, so that Python and we share one copy. Offline, the same questions are answered
 * by the cache alone.
 *
 * <p>Which files a split is, is decided as the library {@code datasets} decides it without running
 * code: by what the README.md declares ({@code DatasetCard}), else by names ({@code SplitPatterns},
 * {@code Glob}), and by the endings that tell what the files are ({@code DataFormats}); {@code
 * DatasetLayout} puts these together. A data set that has a loading script is read from the hub's
 * own {@code ParquetConversion}. Which files a model is, {@code ModelFiles} says.
 *
 * <p>The client of {@link dev.hlotune.pjrt.web} does the rest: proxies, certificates, resuming. A
 * token goes to the endpoint's own host and to no other, and into no message ({@code HubSettings},
 * {@code HubErrors}).
 */
@NullMarked
package dev.hlotune.trainer.hub;

import org.jspecify.annotations.NullMarked;
