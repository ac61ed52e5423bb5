/**
 * Compiled programs in one file, for a machine that then compiles nothing.
 *
 * <p>An archive is a zip file with a {@code manifest.json}, which says what the programs were
 * compiled by and for, and two entries for each program: its StableHLO, by whose digest a run finds
 * it, and what the compiler made of it. {@link dev.hlotune.trainer.archive.ArchiveWriter} writes
 * it, {@link dev.hlotune.trainer.archive.CompiledArchive} reads it and refuses a plugin or devices
 * other than those that it is for. No program in it is ever taken for another: text, options,
 * plugin and devices all have to be the same.
 */
@NullMarked
package dev.hlotune.trainer.archive;

import org.jspecify.annotations.NullMarked;
