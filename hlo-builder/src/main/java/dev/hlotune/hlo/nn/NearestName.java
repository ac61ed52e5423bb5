package dev.hlotune.hlo.nn;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name that a mistyped one was probably meant to be. */
public final class NearestName {
  private NearestName() {}

  /** The name with the fewest edits between, the first of equals; empty if there are no names. */
  public static Optional<String> of(String wanted, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(name -> distance(wanted, name)));
  }

  /** The nearest name, where it takes fewer edits than half of the wanted letters. */
  public static Optional<String> meant(String wanted, Collection<String> known) {
    return of(wanted, known).filter(name -> 2 * distance(wanted, name) < wanted.length());
  }

  /** Insertions, deletions and substitutions between two words (Levenshtein 1966). */
  private static int distance(String left, String right) {
    int[] previous = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int[] current = new int[right.length() + 1];
      current[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int substituted = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substituted, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[right.length()];
  }
}
