package dev.hlotune.configs.quickstart;

import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;

/**
 * Words that nobody knows, such as {@code blifoot} and {@code zanemo}: they can only be spelled
 * letter by letter, so a model that learns from them copies where it might otherwise remember.
 */
final class MadeUpWords {
  private static final String CONSONANTS = "bcdfghjklmnpqrstvwxyz";
  private static final String VOWELS = "aeiouy";
  private static final int SHORTEST = 3;
  private static final int LONGEST = 9;

  private MadeUpWords() {}

  /** As many different words of 3 to 9 letters, none of them among those given. */
  static Set<String> some(int count, Set<String> known, Random random) {
    Set<String> words = new LinkedHashSet<>();
    while (words.size() < count) {
      String word = word(SHORTEST + random.nextInt(LONGEST - SHORTEST + 1), random);
      if (!known.contains(word)) {
        words.add(word);
      }
    }
    return words;
  }

  private static String word(int length, Random random) {
    StringBuilder word = new StringBuilder();
    boolean vowel = random.nextInt(4) == 0;
    while (word.length() < length) {
      String letters = vowel ? VOWELS : CONSONANTS;
      char letter = letters.charAt(random.nextInt(letters.length()));
      word.append(letter);
      if (random.nextInt(8) == 0) {
        word.append(letter);
      }
      // Two consonants or two vowels in a row now and then, as in "plain".
      vowel = (random.nextInt(5) == 0) == vowel;
    }
    return word.substring(0, length);
  }
}
