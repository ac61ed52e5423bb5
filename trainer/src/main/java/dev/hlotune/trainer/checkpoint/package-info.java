/**
 * Weights on disk: safetensors files and Hugging Face model directories, read and written.
 *
 * <pre>
 * Path ─{@link dev.hlotune.trainer.checkpoint.SafetensorsFile}→ TensorEntry by name    (one file, mapped, not copied)
 * Path ─{@link dev.hlotune.trainer.checkpoint.ModelWeights}→ TensorEntry by name       (a model directory: one file or shards)
 * {@link dev.hlotune.trainer.checkpoint.WritableTensor}… ─{@link dev.hlotune.trainer.checkpoint.SafetensorsWriter}→ one file
 * config + WritableTensor… + tokenizer ─{@link dev.hlotune.trainer.checkpoint.ModelDirectory}→ a directory transformers loads
 * </pre>
 *
 * <p>A {@link dev.hlotune.trainer.checkpoint.TensorEntry} is a name, a {@link
 * dev.hlotune.trainer.checkpoint.StorageType}, a shape and the bytes, in plain Java types: nothing
 * here knows of graphs or devices. Names are those of the Hugging Face file.
 *
 * <p>Reading maps the file, so a model larger than the Java heap costs no heap; the entries are
 * valid until the file that gave them is closed. The header is checked whole before any tensor is
 * handed out: a file that is cut short, or whose offsets overlap, leave gaps or disagree with a
 * shape, is a {@link dev.hlotune.trainer.source.DataException} that names the file and the tensor.
 *
 * <p>What is written need not be in memory: a {@link dev.hlotune.trainer.checkpoint.WritableTensor}
 * gives its bytes when they are asked for, in pieces. A model larger than one file may be is split
 * as {@code save_pretrained} splits it ({@code Shards}). {@link
 * dev.hlotune.trainer.checkpoint.FloatConversion} takes numbers from one type to another.
 *
 * <p>Writing goes to a temporary neighbour first, is forced to the disk and then renamed, so that a
 * reader sees the old file or the new one and never a half; where the disk is full the temporary
 * file is removed and the {@link java.io.IOException} says how much was needed.
 */
@NullMarked
package dev.hlotune.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
