package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The further settings that a choice has, such as an optimizer's: texts by name in a recipe, each
 * read by a key of its own.
 *
 * @param settings those read
 * @param problems what is wrong with the others
 */
record Arguments(Settings settings, List<Problem> problems) {
  Arguments {
    problems = List.copyOf(problems);
  }

  /**
   * Reads them.
   *
   * @param holder the key that holds them, such as {@code optim_args}
   * @param choice the choice that they belong to in words, such as {@code 'optim' 'sgd'}
   * @param known what the choice takes
   */
  static Arguments read(
      Key<?> holder, String choice, List<Key<?>> known, Map<String, String> given) {
    KeyTable table = new KeyTable(List.of(new KeyTable.Section(choice, known)));
    Map<Key<?>, Object> values = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    given.forEach((name, text) -> {
      KeyTable.Match match = table.find(name).orElse(null);
      if (match == null) {
        problems.add(Problem.with(holder, unknown(holder, choice, table, name)));
        return;
      }
      try {
        if (values.put(match.key(), match.key().type().parse(text)) != null) {
          problems.add(
              Problem.with(
                  holder,
                  "'%s': expected '%s' once, got it twice"
                      .formatted(holder.name(), match.key().name())));
        }
      } catch (IllegalArgumentException e) {
        problems.add(
            Problem.with(holder, "'%s': '%s': %s".formatted(holder.name(), name, e.getMessage())));
      }
    });
    return new Arguments(new Settings(values, Map.of()), problems);
  }

  private static String unknown(Key<?> holder, String choice, KeyTable table, String name) {
    String all =
        table.keys().stream().map(key -> "'" + key.name() + "'").collect(Collectors.joining(", "));
    return "'%s': expected %s, got '%s'%s"
        .formatted(
            holder.name(),
            all.isEmpty() ? "none beside " + choice : "settings of " + choice + " (" + all + ")",
            name,
            table.nearest(name).map(near -> "; did you mean '" + near + "'?").orElse(""));
  }
}
