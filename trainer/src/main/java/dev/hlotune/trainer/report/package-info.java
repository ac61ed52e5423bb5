/**
 * Runs looked at afterwards, from the files that they left alone.
 *
 * <p>A {@link dev.hlotune.trainer.report.RunRecord} is a run directory, read: run.json,
 * metrics.jsonl, samples.jsonl, train_results.json. {@link dev.hlotune.trainer.report.RunReport}
 * makes one page of several of them, with curves ({@code ReportData}, {@code report.js}), tables
 * ({@code ReportTables}) and answers; it needs nothing beside it. {@link
 * dev.hlotune.trainer.report.RunDifference} says what differs between two.
 */
@NullMarked
package dev.hlotune.trainer.report;

import org.jspecify.annotations.NullMarked;
