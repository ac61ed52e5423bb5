package dev.hlotune.configs.quickstart;

import java.util.List;
import java.util.stream.Collectors;

/** Questions whose answer is the letters of a word: {@code otter} gives {@code o-t-t-e-r}. */
final class Spelling {
  private static final List<String> PHRASINGS =
      List.of(
          "How do you spell %s?",
          "How is %s spelled?",
          "Spell %s.",
          "Spell the word %s.",
          "Please spell %s.",
          "Can you spell %s?",
          "Can you spell %s for me?",
          "How do I spell the word %s?");

  private Spelling() {}

  /** The word asked about in each of the phrasings. */
  static List<Exchange> of(String word) {
    String answer = word.chars().mapToObj(Character::toString).collect(Collectors.joining("-"));
    return PHRASINGS.stream().map(p -> new Exchange(p.formatted(word), answer)).toList();
  }
}
