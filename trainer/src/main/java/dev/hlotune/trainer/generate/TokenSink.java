package dev.hlotune.trainer.generate;

/** Hears of tokens as they come. */
@FunctionalInterface
public interface TokenSink {
  /**
   * Takes the next tokens of an answer.
   *
   * @param prompt the number of the prompt, from 0
   * @param tokens in their order, at least one
   */
  void accept(int prompt, int[] tokens);
}
