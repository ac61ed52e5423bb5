/**
 * Where data comes from: files of every format, the place of a record in its file, and what is
 * wrong with either.
 *
 * <p>{@link dev.hlotune.trainer.source.DataFiles} finds the files that a user names, counts their
 * records and opens them. The {@link dev.hlotune.trainer.source.FileFormat} of a file is told by
 * its name; what its first bytes say otherwise is an error, except between JSON and lines of JSON,
 * where the content decides. A {@link dev.hlotune.trainer.source.RecordReader} gives the records in
 * order, with memory that does not grow with the file, and only as far as it takes to know where
 * each ends: a {@link dev.hlotune.trainer.source.RawRecord} is parsed by the thread that asks for
 * its columns.
 *
 * <pre>{@code
 * Path ─FileInput (.gz, .zst)→ TextWindow ─TextLines→    JsonText, TextLine ┐
 *                                         ─JsonDocument→ JsonText           │
 *                                         ─CsvTable→     CsvRow, BadRecord  ├→ ObjectNode
 *      ─ParquetFile, ParquetPages→  ParquetRows ─ParquetTree→ RecordTree    │
 *      ─ArrowMessages, ArrowLayouts→ ArrowRows ─────────────→ ArrowRow      ┘
 * }</pre>
 *
 * <p>{@link dev.hlotune.trainer.source.SplitPart} and {@link dev.hlotune.trainer.source.Slice} say
 * which records of a split are meant. {@link dev.hlotune.trainer.source.Origin} names the place of
 * a record, and {@link dev.hlotune.trainer.source.DataException} whatever is wrong with it: every
 * message that a user reads about data begins with the place.
 */
@NullMarked
package dev.hlotune.trainer.source;

import org.jspecify.annotations.NullMarked;
