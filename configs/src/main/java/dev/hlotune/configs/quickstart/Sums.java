package dev.hlotune.configs.quickstart;

import java.util.List;

/**
 * Sums of two numbers below 50. The answer adds the ones, then the tens with what was carried, then
 * gives the sum: {@code 17 + 25} gives {@code 7+5=12, 1+1+2=4, so 42.}
 */
final class Sums {
  /** Every addend is at least 0 and below this. */
  static final int BOUND = 50;

  private static final List<String> PHRASINGS =
      List.of(
          "What is %d + %d?",
          "How much is %d + %d?",
          "What is %d plus %d?",
          "How much is %d plus %d?",
          "Add %d and %d.",
          "Please add %d and %d.",
          "Can you add %d and %d?",
          "What is the sum of %d and %d?");

  private Sums() {}

  /** The sum of two numbers asked for in each of the phrasings. */
  static List<Exchange> of(int left, int right) {
    String answer = answer(left, right);
    return PHRASINGS.stream().map(p -> new Exchange(p.formatted(left, right), answer)).toList();
  }

  private static String answer(int left, int right) {
    int ones = left % 10 + right % 10;
    int carried = ones / 10;
    int tens = carried + left / 10 + right / 10;
    return "%d+%d=%d, %d+%d+%d=%d, so %d."
        .formatted(left % 10, right % 10, ones, carried, left / 10, right / 10, tens, left + right);
  }
}
