package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one recipe or command line says of each key, by whatever spelling. */
final class Layer {

  /**
   * One setting of one key.
   *
   * @param key the key
   * @param text the value; empty takes it back
   * @param mild whether it gives way to another setting of the key
   * @param setting as it was written
   */
  record Wish(Key<?> key, Optional<String> text, boolean mild, RawSetting setting) {}

  private final Map<Key<?>, List<Wish>> byKey = new LinkedHashMap<>();

  void add(Wish wish) {
    byKey.computeIfAbsent(wish.key(), _ -> new ArrayList<>()).add(wish);
  }

  /**
   * One setting for each key. Two of one key have to say the same in different spellings.
   *
   * @param problems where others are reported
   */
  List<Wish> settled(List<Problem> problems) {
    List<Wish> settled = new ArrayList<>();
    for (List<Wish> wishes : byKey.values()) {
      List<Wish> firm = wishes.stream().filter(wish -> !wish.mild()).toList();
      List<Wish> said =
          firm.isEmpty()
              ? wishes.stream().anyMatch(wish -> wish.text().isPresent())
                  ? wishes.stream().filter(wish -> wish.text().isPresent()).toList()
                  : wishes
              : firm;
      Wish first = said.getFirst();
      for (Wish later : said.subList(1, said.size())) {
        if (!sameValue(first, later)) {
          problems.add(twice(first, later));
        }
      }
      settled.add(first);
    }
    return settled;
  }

  private static boolean sameValue(Wish first, Wish later) {
    boolean repeated =
        Siblings.plain(first.setting().name()).equals(Siblings.plain(later.setting().name()));
    return !repeated && value(first).equals(value(later));
  }

  /** The value where it can be read, so that 1 and 1.0 are one. */
  private static Object value(Wish wish) {
    try {
      return wish.text()
          .<Object>map(text -> wish.key().type().parse(text, Locator.UNSEEN))
          .orElse("");
    } catch (IllegalArgumentException e) {
      return wish.text();
    }
  }

  private static Problem twice(Wish first, Wish later) {
    return Problem.at(
        later.setting().origin(),
        "'"
            + later.setting().name()
            + "': expected '"
            + later.key().name()
            + "' once, got it at "
            + first.setting().origin()
            + " too");
  }
}
