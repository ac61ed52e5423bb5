package dev.hlotune.configs.quickstart;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One or more exchanges that follow each other.
 *
 * @param exchanges in the order in which they are said, at least one
 */
public record Conversation(List<Exchange> exchanges) {
  public Conversation {
    exchanges = List.copyOf(exchanges);
    if (exchanges.isEmpty()) {
      throw new IllegalArgumentException("conversation: expected at least one exchange, got none");
    }
  }

  /** The conversation as one line of JSON with chat {@code messages}, without a line break. */
  public String toJson() {
    return exchanges.stream()
        .map(e -> message("user", e.question()) + "," + message("assistant", e.answer()))
        .collect(Collectors.joining(",", "{\"messages\":[", "]}"));
  }

  private static String message(String role, String content) {
    return "{\"role\":\"" + role + "\",\"content\":\"" + escape(content) + "\"}";
  }

  private static String escape(String content) {
    return content.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
