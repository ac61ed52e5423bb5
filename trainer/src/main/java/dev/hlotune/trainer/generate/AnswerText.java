package dev.hlotune.trainer.generate;

import dev.hlotune.trainer.data.Tokenizer;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/**
 * The text of an answer as it comes, without the string that stops it: what could be the beginning
 * of one is held back until it is known.
 */
public final class AnswerText {
  private final TextStream stream;
  private final Set<Integer> ends;
  private final Optional<StopStrings> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  /**
   * An answer without text.
   *
   * @param ends tokens that end an answer, which are no text even where they are not special
   * @param shown special tokens that are text nevertheless
   * @param stops what ends an answer
   */
  public AnswerText(
      Tokenizer tokenizer,
      Set<Integer> ends,
      Collection<Integer> shown,
      Optional<StopStrings> stops) {
    this.stream = new TextStream(tokenizer, shown);
    this.ends = Set.copyOf(ends);
    this.stops = stops;
  }

  /** The text that these tokens add. */
  public String add(int[] tokens) {
    for (int token : tokens) {
      if (!ends.contains(token)) {
        held.append(stream.add(token));
      }
    }
    return released(false);
  }

  /** What is left once the answer is complete. */
  public String end() {
    held.append(stream.end());
    return released(true);
  }

  private String released(boolean last) {
    if (stopped) {
      return "";
    }
    String text = held.toString();
    String cut = stops.map(strings -> strings.cut(text)).orElse(text);
    stopped = cut.length() < text.length();
    int keep = stopped || last ? 0 : stops.map(strings -> strings.held(text)).orElse(0);
    held.setLength(0);
    held.append(text, text.length() - keep, text.length());
    return cut.substring(0, cut.length() - keep);
  }
}
