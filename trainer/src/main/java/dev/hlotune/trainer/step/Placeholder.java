package dev.hlotune.trainer.step;

/** Keeps the package non-empty, so that it can be exported, until its first type lands. */
final class Placeholder {
  private Placeholder() {}
}
