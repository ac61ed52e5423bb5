package dev.hlotune.trainer.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of tensors in the order in which transformers 5 splits them into shards ({@code
 * dot_natural_key}): part by part between the dots, numbers before words and by their size, so that
 * layer 2 comes before layer 10.
 */
final class NaturalOrder {
  static final Comparator<String> INSTANCE = (a, b) -> compare(key(a), key(b));

  private static final Pattern DIGITS_AT_END = Pattern.compile("(.*?)(\\d{0,18})");

  /** A word with the number at its end, or -1; or a number alone. */
  private record Part(boolean word, String text, long number) {}

  private NaturalOrder() {}

  private static List<Part> key(String name) {
    List<Part> parts = new ArrayList<>();
    for (String text : name.split("\\.", -1)) {
      Matcher matcher = DIGITS_AT_END.matcher(text);
      if (matcher.matches()) {
        String word = matcher.group(1);
        String digits = matcher.group(2);
        boolean number = word.isEmpty() && !digits.isEmpty();
        parts.add(new Part(!number, word, digits.isEmpty() ? -1 : Long.parseLong(digits)));
      }
    }
    return parts;
  }

  private static int compare(List<Part> a, List<Part> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order =
          Comparator.comparing(Part::word)
              .thenComparing(Part::text)
              .thenComparingLong(Part::number)
              .compare(a.get(i), b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
