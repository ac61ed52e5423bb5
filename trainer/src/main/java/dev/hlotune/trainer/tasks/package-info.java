/**
 * Data sets that are made up rather than collected, after nanochat's: rows that teach a small model
 * how words are spelled and how letters are counted, which it can hardly see through its tokens.
 *
 * <p>{@link dev.hlotune.trainer.tasks.Tasks} is the way in: it turns a name, such as {@code
 * spelling_bee}, a split with its slice, a seed and perhaps files of words into a file of JSON
 * Lines, kept in the cache under the hash of all of that. From there on it is a file like any
 * other, and whoever reads it need not know that it was made up.
 *
 * <p>Each task is one record that gives a conversation for a source of random numbers: {@code
 * SimpleSpelling} and {@code SpellingBee}. Row {@code i} of {@code train} has a source of its own,
 * seeded by {@code i}; row {@code i} of {@code test} is seeded by 10,000,000 + {@code i}; a seed of
 * the recipe is added above the lower 32 bits. So rows do not depend on how many are asked for, and
 * the splits share no seed. {@code PythonRandom} gives the numbers of Python's {@code random}, and
 * they are drawn in nanochat's order: with seed 0 and the same words, a row is about the same word
 * and letter as there, and all but the phrasing of the bee's questions is the same to the letter.
 * The phrasings ({@code phrasings.txt}) are our own.
 *
 * <p>{@code WordList} has the words: those of the quickstart and {@code words.txt}, or files that
 * the user names.
 */
@NullMarked
package dev.hlotune.trainer.tasks;

import org.jspecify.annotations.NullMarked;
