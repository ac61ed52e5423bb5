/**
 * What data would train, and what is wrong with it.
 *
 * <pre>
 * Mixture.Part ─AuditSource→ Scan (in Waves, on all cores)→ SourceFacts ─Findings, Check→ Finding
 *                                  └ hashes → Fingerprints → duplicates, leaks ─────────────┘
 * Mixture, BatchPlan ─ExampleViews→ ExampleView(tokens, row)
 * </pre>
 *
 * <p><b>An audit</b> ({@link dev.hlotune.trainer.audit.Audit}) reads each prepared example once:
 * what is looked at is what the step will be fed, after rendering, tokenizing, weighing and
 * cutting, and nothing is guessed from the text. {@code Scan} counts for a stretch of examples, and
 * stretches are added in order, so that the outcome does not depend on the number of cores. What is
 * gone by then, the records that gave no example, is known from {@link
 * dev.hlotune.trainer.data.PreparationDetails}.
 *
 * <p><b>Findings</b> are drawn from the counts by share. {@link dev.hlotune.trainer.audit.Check} is
 * the one place with what is looked for, from which share on it is a warning or an error, what it
 * means and what to do. An {@link dev.hlotune.trainer.audit.AuditReport} with an error does not
 * pass, and a run on that data does not begin.
 *
 * <p><b>Views</b> show single examples: {@code TokenPieces} finds the text of each token where it
 * stands, and {@link dev.hlotune.trainer.audit.RowView} the row that it is packed into.
 *
 * <p>Reports and views become JSON here; text and pages are made by the command line. Nothing here
 * prints, and nothing throws but {@link dev.hlotune.trainer.source.DataException} for an example
 * that is asked for and not there.
 */
@NullMarked
package dev.hlotune.trainer.audit;

import org.jspecify.annotations.NullMarked;
