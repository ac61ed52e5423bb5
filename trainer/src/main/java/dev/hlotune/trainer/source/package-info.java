/**
 * Where data comes from: files, the place of a record in its file, and what is wrong with either.
 *
 * <p>{@link dev.hlotune.trainer.source.DataFiles} finds the files that a user names and opens them;
 * a {@link dev.hlotune.trainer.source.RecordReader} gives their records in order; a {@link
 * dev.hlotune.trainer.source.RawRecord} gives its columns in whichever thread asks. {@link
 * dev.hlotune.trainer.source.Origin} names the place of a record, and {@link
 * dev.hlotune.trainer.source.DataException} whatever is wrong with it: every message that a user
 * reads about data begins with the place.
 */
@NullMarked
package dev.hlotune.trainer.source;

import org.jspecify.annotations.NullMarked;
