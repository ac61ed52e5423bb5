package dev.hlotune.configs.quickstart;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Questions about the number of letters of a word. The answer numbers the letters before it gives
 * the number, {@code o1-t2-t3-e4-r5: 5 letters.}, so that a small model can count as it writes.
 */
final class Counting {
  private static final List<String> PHRASINGS =
      List.of(
          "How many letters are in %s?",
          "How many letters does %s have?",
          "How many letters are there in the word %s?",
          "Count the letters in %s.",
          "Count the letters of the word %s.",
          "Please count the letters in %s.",
          "Can you count the letters in %s?",
          "How long is the word %s?");

  private Counting() {}

  /** The word asked about in each of the phrasings. */
  static List<Exchange> of(String word) {
    String numbered =
        IntStream.range(0, word.length())
            .mapToObj(i -> word.substring(i, i + 1) + (i + 1))
            .collect(Collectors.joining("-"));
    String answer = numbered + ": " + word.length() + " letters.";
    return PHRASINGS.stream().map(p -> new Exchange(p.formatted(word), answer)).toList();
  }
}
