/**
 * The training loop, what it tells and what it writes.
 *
 * <p>The loop reports to a {@link dev.hlotune.trainer.loop.RunObserver}: one {@link
 * dev.hlotune.trainer.loop.RunEvent} after another, records all of them, from the {@link
 * dev.hlotune.trainer.loop.RunPlan} to the {@link dev.hlotune.trainer.loop.RunSummary}. It prints
 * nothing itself. Logged steps go to metrics.jsonl through {@link
 * dev.hlotune.trainer.loop.MetricsLog}; what the run was goes to run.json, as a {@link
 * dev.hlotune.trainer.loop.RunManifest}.
 */
@NullMarked
package dev.hlotune.trainer.loop;

import org.jspecify.annotations.NullMarked;
