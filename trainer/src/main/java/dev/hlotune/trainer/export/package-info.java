/**
 * Programs as files that others run: StableHLO text, weights, and a manifest that says what goes in
 * and what comes out.
 *
 * <p>{@link dev.hlotune.trainer.export.Exporter} writes a folder: a text for each {@link
 * dev.hlotune.trainer.export.ProgramKind} and bucket, the weights under the names that the programs
 * have for them, and {@code manifest.json}, which {@link dev.hlotune.trainer.export.ExportManifest}
 * is in Java. An {@link dev.hlotune.trainer.export.ExportedProgram} lists its inputs and outputs in
 * order, each an {@link dev.hlotune.trainer.export.ExportedArray} with its type, axes and place on
 * the mesh; an {@link dev.hlotune.trainer.export.ExportedInput} has besides what it is filled with
 * ({@link dev.hlotune.trainer.export.Fill}) and which output takes its memory.
 *
 * <p>{@link dev.hlotune.trainer.export.ExportedRun} is the other side: it knows a folder and
 * nothing else of this program, looks whether its files are as they were written, and runs one of
 * its programs with arrays by name. What it does, a short program in another language can do;
 * {@code docs/export.md} shows one.
 */
@NullMarked
package dev.hlotune.trainer.export;

import org.jspecify.annotations.NullMarked;
