package dev.hlotune.trainer.data;

import java.util.ArrayList;
import java.util.List;

/** Collects a {@link Rendered} piece by piece. */
final class RenderBuilder {
  private final StringBuilder text = new StringBuilder();
  private final List<Span> spans = new ArrayList<>();

  /** Appends text without loss. */
  RenderBuilder add(String piece) {
    text.append(piece);
    return this;
  }

  /** Appends text with this loss weight. */
  RenderBuilder add(String piece, float weight) {
    if (weight != 0 && !piece.isEmpty()) {
      spans.add(new Span(text.length(), text.length() + piece.length(), weight));
    }
    text.append(piece);
    return this;
  }

  Rendered build() {
    return new Rendered(text.toString(), spans);
  }

  String text() {
    return text.toString();
  }
}
