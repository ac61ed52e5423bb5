/**
 * What a model is worth on data that it was not trained on: {@link
 * dev.hlotune.trainer.eval.HeldOutLoss} adds up the log-probabilities of supervised tokens ({@link
 * dev.hlotune.trainer.step.LogProbsProgram}), over all data and for each data set ({@link
 * dev.hlotune.trainer.eval.HeldOutSets}), by tokens and by the bytes that they stand for ({@link
 * dev.hlotune.trainer.eval.TokenBytes}).
 */
@NullMarked
package dev.hlotune.trainer.eval;

import org.jspecify.annotations.NullMarked;
