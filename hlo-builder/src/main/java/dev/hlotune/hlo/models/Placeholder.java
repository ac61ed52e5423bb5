package dev.hlotune.hlo.models;

/** Keeps the package non-empty, so that it can be exported, until its first type lands. */
final class Placeholder {
  private Placeholder() {}
}
