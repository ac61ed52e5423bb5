package dev.hlotune.configs;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** What a spelling of another system says here. */
sealed interface Meaning {

  /** Reads a text, among what else is set, as settings of keys. */
  @FunctionalInterface
  interface Reading extends BiFunction<String, Siblings, List<Assignment>> {}

  /**
   * One key, or several.
   *
   * @param keys the keys, the first of which it is another spelling of
   * @param reading the settings of a text; throws IllegalArgumentException, as {@link
   *     KeyType#parse(String)} does, where it cannot be read
   * @param how what becomes of the value, in words; empty where it stays as it is
   */
  record Sets(List<String> keys, Reading reading, String how) implements Meaning {
    public Sets {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Nothing: whatever it says, the result of a run is the same.
   *
   * @param reason why, for {@code hlotune keys}
   */
  record Nothing(String reason) implements Meaning {}

  /**
   * What is done here in any case. Another value would change the result, and is refused.
   *
   * @param expected the values that ask for it, in words; empty where only none does
   * @param fits whether a text, in lower case, is one of them; none is always fine
   * @param reason why there is no other, for {@code hlotune keys} and for the error
   */
  record Only(String expected, Predicate<String> fits, String reason) implements Meaning {
    private static final List<String> UNSET = List.of("", "none", "null", "{}", "[]");

    /**
     * What is wrong with a text.
     *
     * @return the problem without the name; empty where it asks for what is done
     */
    Optional<String> problem(String text) {
      String plain = text.strip().toLowerCase(Locale.ROOT);
      if (UNSET.contains(plain) || fits.test(plain)) {
        return Optional.empty();
      }
      String wanted = expected.isEmpty() ? "none" : expected;
      return Optional.of("expected " + wanted + ", got '" + text + "'; " + reason);
    }
  }

  /**
   * A file whose keys are read in place of it.
   *
   * @param what the file, in words
   */
  record File(String what) implements Meaning {}
}
