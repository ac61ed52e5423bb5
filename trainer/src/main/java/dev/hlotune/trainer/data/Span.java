package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;

/**
 * A piece of a rendered text that carries loss.
 *
 * @param start its first character (UTF-16 index)
 * @param end the character after its last
 * @param weight the loss weight of every token that overlaps it
 */
public record Span(int start, int end, float weight) {
  /** Checks the bounds. */
  public Span {
    if (start < 0 || end < start) {
      throw new DataException("span: expected 0 <= start <= end, got " + start + " to " + end);
    }
  }
}
