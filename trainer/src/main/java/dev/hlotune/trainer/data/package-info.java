/**
 * From records to batches.
 *
 * <pre>
 * Path ─RecordReader, RecordFormat→ SourceRecord ─Renderer(ChatTemplate)→ Rendered(text, spans)
 *      ─Tokenizer, LossWeights→ Example(ids, weights) ─PreparedData (on disk, mapped)→
 *      ─BucketLadder, BatchPlan→ PlannedStep ─BatchAssembler→ Batch ─Loader (background)→ the step
 * </pre>
 *
 * <p><b>What is supervised.</b> A record is rendered to one text together with the character spans
 * that carry loss (the assistant's words and its end token, a completion, or everything). The text
 * is tokenized once, without added special tokens, and a token takes the weight of the heaviest
 * span that it overlaps. Nothing is worked out from prefixes of tokens or by looking for
 * substrings.
 *
 * <p><b>Prepared once.</b> {@link dev.hlotune.trainer.data.PreparedData} holds the examples of a
 * data set in memory-mapped files, keyed by the hash of everything that decides them: file
 * contents, template, tokenizer and options. A second run opens them without tokenizing.
 *
 * <p><b>Special tokens.</b> A {@link dev.hlotune.trainer.data.Tokenizer} can be loaded with {@link
 * dev.hlotune.trainer.data.WantedTokens}: those that its files lack get ids after all others, and
 * it has the edited files for whoever saves it.
 *
 * <p><b>Shapes.</b> {@link dev.hlotune.trainer.data.BucketLadder} is the closed set of (rows ×
 * length) shapes that a run may execute, chosen from the length histogram. {@link
 * dev.hlotune.trainer.data.BatchPlan} distributes the examples over rows of those shapes: packed,
 * by best-fit decreasing over the whole data set with explicit segment ids, or one example a row.
 * All micro-batches of one optimizer step share one bucket. The plan depends on the seed and the
 * epoch alone, never on the number of threads, and every epoch has the same number of steps.
 *
 * <p><b>Errors.</b> What is wrong with the data is a {@link
 * dev.hlotune.trainer.source.DataException} that names file, line and field; what has to be left
 * out is counted by reason in {@link dev.hlotune.trainer.data.PreparationStatistics}, never dropped
 * silently.
 */
@NullMarked
package dev.hlotune.trainer.data;

import org.jspecify.annotations.NullMarked;
