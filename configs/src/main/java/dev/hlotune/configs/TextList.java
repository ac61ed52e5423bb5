package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Texts in order: a list in a recipe; on the command line a JSON list, or texts separated by
 * commas. None of them is empty.
 */
record TextList() implements KeyType<List<String>> {

  @Override
  public String placeholder() {
    return "TEXT,...";
  }

  @Override
  public String expectation() {
    return "a list of texts, or texts separated by commas";
  }

  @Override
  public boolean structured() {
    return true;
  }

  @Override
  public List<String> parse(String text) {
    List<String> texts =
        json(text)
            .map(this::elements)
            .orElseGet(() -> Stream.of(text.split(",", -1)).map(String::strip).toList());
    check(texts);
    return texts;
  }

  /** A text such as {@code [INST],[/INST]} begins like a JSON list and is none. */
  private Optional<JsonNode> json(String text) {
    String start = text.strip();
    if (!start.startsWith("[") && !start.startsWith("{")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonText.read(text));
    } catch (IllegalArgumentException e) {
      if (start.substring(1).stripLeading().matches("(?s)[\"'].*")) {
        throw new IllegalArgumentException(
            unexpected(text).getMessage() + ", which is broken JSON: " + e.getMessage(), e);
      }
      return Optional.empty();
    }
  }

  private List<String> elements(JsonNode node) {
    if (!node.isArray()) {
      throw new IllegalArgumentException(
          "expected " + expectation() + ", got " + JsonText.kind(node));
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isTextual()) {
        throw new IllegalArgumentException(
            "expected "
                + expectation()
                + ", got "
                + JsonText.kind(element)
                + " in it; put a text in quotes");
      }
      texts.add(element.textValue());
    }
    return List.copyOf(texts);
  }

  @Override
  public void check(List<String> value) {
    if (value.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("expected " + expectation() + ", got an empty one");
    }
  }

  @Override
  public Object plain(List<String> value) {
    return List.copyOf(value);
  }
}
