package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.List;

/**
 * What the model reads, and which pieces of it carry loss.
 *
 * @param text the whole text, special tokens spelled out
 * @param spans ascending and not overlapping; what is outside of them has weight 0
 */
public record Rendered(String text, List<Span> spans) {
  /** Checks that the spans ascend and lie within the text. */
  public Rendered {
    spans = List.copyOf(spans);
    int end = 0;
    for (Span span : spans) {
      if (span.start() < end || span.end() > text.length()) {
        throw new DataException(
            "rendered text: expected ascending spans within "
                + text.length()
                + " characters, got "
                + spans);
      }
      end = span.end();
    }
  }
}
