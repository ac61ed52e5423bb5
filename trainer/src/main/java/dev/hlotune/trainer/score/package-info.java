/**
 * How probable a model finds the tokens of records, one after the other: {@code hlotune score}.
 *
 * <p>{@link dev.hlotune.trainer.score.Scoring} opens model and records ({@link
 * dev.hlotune.trainer.loop.OpenedScoring}), chooses packed or unpacked rows by what they cost, and
 * compiles {@link dev.hlotune.trainer.step.LogProbsProgram} for each shape before anything runs.
 * Records go through the device in windows ({@code Windows}): within one, batches are put together
 * by length as for training; between them, results come out in the order of the files, each a
 * {@link dev.hlotune.trainer.score.Score}. So memory does not grow with the data.
 */
@NullMarked
package dev.hlotune.trainer.score;

import org.jspecify.annotations.NullMarked;
