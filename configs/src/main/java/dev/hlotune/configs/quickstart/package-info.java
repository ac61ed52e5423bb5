/**
 * The data set of the quickstart, made by a deterministic generator.
 *
 * <p>{@link dev.hlotune.configs.quickstart.QuickstartData} makes short conversations of four kinds:
 * spelling a word, counting its letters, adding two small numbers, and saying who the assistant is.
 * Each kind is one class that gives a question in several phrasings with its only right answer, an
 * {@link dev.hlotune.configs.quickstart.Exchange}; one or two of those make a {@link
 * dev.hlotune.configs.quickstart.Conversation}. Held-out questions are about words, numbers and
 * greeted questions that training never shows, so exact answers to them are a measure of learning.
 *
 * <p>{@link dev.hlotune.configs.quickstart.QuickstartMain} writes the files that are kept in {@code
 * configs/quickstart}. After a change here, run it, make the tokenizer again with {@code
 * tools/quickstart/train_tokenizer.py} and keep both: a test compares the files with what the
 * generator gives, byte for byte.
 */
@NullMarked
package dev.hlotune.configs.quickstart;

import org.jspecify.annotations.NullMarked;
