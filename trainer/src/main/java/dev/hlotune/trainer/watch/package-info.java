/**
 * Whoever else watches a run: trackers, and the report at its end.
 *
 * <p>{@link dev.hlotune.trainer.watch.WatchedRun} puts a {@link dev.hlotune.trainer.watch.Watching}
 * between a run and its observer. That passes every event on, and hands those with figures to each
 * tracker of {@code report_to}: {@code TensorBoard}, {@code Mlflow}, {@code Wandb}. A tracker lives
 * on a thread of its own behind a bounded queue ({@code TrackerThread}), so that the training
 * thread never waits for a disk or a server. What goes wrong there is a note: the run goes on, and
 * metrics.jsonl has all figures in any case.
 *
 * <p>The two formats of files, TensorBoard's and Weights &amp; Biases', hold protobuf messages,
 * which {@code ProtoMessage} writes.
 */
@NullMarked
package dev.hlotune.trainer.watch;

import org.jspecify.annotations.NullMarked;
