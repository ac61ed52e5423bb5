package dev.hlotune.trainer.generate;

/**
 * The shapes in which some prompts are answered.
 *
 * @param rows prompts at a time
 * @param prompt places for a prompt's tokens
 * @param slots places of the cache, for prompt and answer
 */
record GenerationShape(int rows, int prompt, int slots) {
  GenerationShape {
    if (rows < 1 || prompt < 1 || slots <= prompt) {
      throw new IllegalArgumentException(
          "generation: expected rows, a prompt and more places than the prompt has, got %d, %d, %d"
              .formatted(rows, prompt, slots));
    }
  }
}
