package dev.hlotune.trainer.generate;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.data.Tokenizer;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/**
 * Strings that end an answer, wherever in its tokens they begin. The token that completes one is
 * the last, as in transformers; {@link #cut} leaves the string out of a text.
 *
 * @param tokenizer of the model
 * @param shown special tokens that count as text
 * @param strings at least one, none empty
 */
public record StopStrings(Tokenizer tokenizer, Collection<Integer> shown, List<String> strings)
    implements Watching {
  /** Checks the strings. */
  public StopStrings {
    strings = List.copyOf(strings);
    shown = List.copyOf(shown);
    if (strings.isEmpty() || strings.contains("")) {
      throw ConfigException.of("'stop_strings': expected text, got an empty string");
    }
  }

  @Override
  public boolean pauses(int token) {
    return false;
  }

  @Override
  public RowWatch watch() {
    TextStream stream = new TextStream(tokenizer, shown);
    StringBuilder text = new StringBuilder();
    return token -> {
      String piece = stream.add(token);
      int from = Math.max(0, text.length() - longest() + 1);
      text.append(piece);
      String tail = text.substring(from);
      return strings.stream().anyMatch(tail::contains) ? RowWatch.STOP : RowWatch.GO_ON;
    };
  }

  private int longest() {
    return strings.stream().mapToInt(String::length).max().orElseThrow();
  }

  /** A text up to the first of the strings. */
  public String cut(String text) {
    OptionalInt first = strings.stream().mapToInt(text::indexOf).filter(index -> index >= 0).min();
    return first.isPresent() ? text.substring(0, first.getAsInt()) : text;
  }

  /** How much of the end of a text could begin one of the strings. */
  public int held(String text) {
    for (int length = Math.min(longest() - 1, text.length()); length > 0; length--) {
      String end = text.substring(text.length() - length);
      if (strings.stream().anyMatch(string -> string.startsWith(end))) {
        return length;
      }
    }
    return 0;
  }
}
