/**
 * Answers from a model.
 *
 * <p>{@link dev.hlotune.trainer.generate.GenerationEngine} is given weights on the device, prompts
 * as tokens and {@link dev.hlotune.trainer.generate.GenerationSettings}. It puts prompts of similar
 * length together ({@code GenerationPlan}), compiles two programs for each shape, and runs every
 * batch ({@code BatchRun}): {@code PrefillProgram} runs the prompts whole and keeps their keys and
 * values, {@code DecodeProgram} adds up to 32 tokens to every row in a loop on the device. What
 * passes between them is a {@code ModelState}, which never leaves the device and is donated from
 * run to run. Shorter prompts begin later, so that all rows write the same place of the cache.
 *
 * <p>{@code Sampler} takes the next token on the device, by the changes of transformers'
 * GenerationConfig ({@link dev.hlotune.trainer.generate.Sampling}). What needs text or tools is a
 * {@link dev.hlotune.trainer.generate.Watching} on the host: {@link
 * dev.hlotune.trainer.generate.StopStrings}, {@link dev.hlotune.trainer.generate.PythonTool} and
 * {@link dev.hlotune.trainer.generate.InlineTool}, which ask the {@link
 * dev.hlotune.trainer.generate.Calculator}. A watch that forces tokens has the device pause after
 * the tokens that it names.
 *
 * <p>{@link dev.hlotune.trainer.generate.GreedyAnswers} compares greedy answers to the {@link
 * dev.hlotune.trainer.generate.Question}s of a held-out set with their references.
 */
@NullMarked
package dev.hlotune.trainer.generate;

import org.jspecify.annotations.NullMarked;
