package dev.hlotune.trainer.generate;

/**
 * What becomes of logits before a token is taken: which changes a program makes. By how much is an
 * input, so another temperature compiles nothing.
 *
 * @param samples whether a token is drawn; the likeliest is taken otherwise
 * @param penalty whether what was there before is made less likely
 * @param topK whether only the likeliest remain, by their number
 * @param topP whether only the likeliest remain, by their sum
 * @param minP whether only the likeliest remain, by their distance from the first
 */
record LogitsChange(boolean samples, boolean penalty, boolean topK, boolean topP, boolean minP) {
  static LogitsChange of(Sampling sampling, int vocabulary) {
    boolean draws = sampling.doSample();
    return new LogitsChange(
        draws,
        sampling.repetitionPenalty() != 1,
        draws && sampling.topK() > 0 && sampling.topK() < vocabulary,
        draws && sampling.topP() < 1,
        draws && sampling.minP() > 0);
  }
}
