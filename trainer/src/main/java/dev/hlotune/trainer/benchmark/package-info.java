/**
 * What a model is worth at the tasks that models are compared by: {@code hlotune eval}.
 *
 * <p>{@link dev.hlotune.trainer.benchmark.Benchmark} is the way in. {@code TaskTable} knows the
 * tasks: those of lm-evaluation-harness that choose an answer by its log-likelihood ({@code
 * Task.Choice}), and nanochat's, that compare the letters of the answers alone ({@code
 * Task.Letter}). {@code TaskRows} finds their rows, in files or on the hub; {@code Questions} makes
 * questions of them, in the words of the harness; {@code Shots} draws the examples before a
 * question as Python's {@code random} would; {@code Prompt} puts both together, {@code PairEncoder}
 * makes tokens of it.
 *
 * <p>The result is a {@code Request} for each choice. {@code Likelihoods} scores the requests of
 * all tasks in one closed set of shapes. Requests of one question that begin alike, as they mostly
 * do, share that beginning on a {@code Sheet}, so that it is computed once; a row of a batch holds
 * several sheets. {@code Counting} makes what is counted of log-likelihoods, {@code Grouping} the
 * results of groups; {@link dev.hlotune.trainer.benchmark.ResultsJson} writes it all as the harness
 * does.
 */
@NullMarked
package dev.hlotune.trainer.benchmark;

import org.jspecify.annotations.NullMarked;
