package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The recipe and the keys of a command line.
 *
 * @param recipe the recipe named, bare or by {@code --config}
 * @param settings {@code --key value}, {@code --key=value}, and for true or false also {@code
 *     --key} and {@code --no-key}; dashes and underscores alike
 * @param problems with the form of the command line
 */
record CommandLineSettings(
    Optional<String> recipe, List<RawSetting> settings, List<Problem> problems) {

  static CommandLineSettings parse(KeyTable table, List<String> arguments) {
    Optional<String> recipe = Optional.empty();
    List<RawSetting> settings = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Word word = Word.of(arguments, i);
      if (word.takesNext(table)) {
        List<String> values = word.values(table, arguments.subList(i + 1, arguments.size()));
        i += values.size();
        word = word.followedBy(values);
      }
      Optional<String> named = word.recipe();
      if (named.isPresent() && recipe.isPresent()) {
        problems.add(
            Problem.at(
                new Origin.OnCommandLine(named.get()),
                "recipe: expected one, got '" + recipe.get() + "' and '" + named.get() + "'"));
      } else if (named.isPresent()) {
        recipe = named;
      } else if (word.setting(table).isPresent()) {
        settings.add(word.setting(table).get());
      } else {
        problems.add(
            Problem.at(word.origin(), "'" + word.name() + "': expected a value, got none"));
      }
    }
    return new CommandLineSettings(recipe, List.copyOf(settings), List.copyOf(problems));
  }

  /**
   * One argument and what follows it.
   *
   * @param option the option with its dashes; for a bare word, the word
   * @param joined the value after an equals sign
   * @param next the following argument, unless it is an option itself
   */
  private record Word(String option, Optional<String> joined, Optional<String> next) {

    static Word of(List<String> arguments, int index) {
      String argument = arguments.get(index);
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      boolean followed = index + 1 < arguments.size() && !arguments.get(index + 1).startsWith("--");
      return new Word(
          equals < 0 ? argument : argument.substring(0, equals),
          equals < 0 ? Optional.empty() : Optional.of(argument.substring(equals + 1)),
          followed ? Optional.of(arguments.get(index + 1)) : Optional.empty());
    }

    Origin origin() {
      return new Origin.OnCommandLine(option);
    }

    String name() {
      return option.startsWith("--") ? option.substring(2) : option;
    }

    Optional<String> value() {
      return joined.isPresent() ? joined : next;
    }

    boolean takesNext(KeyTable table) {
      return option.startsWith("--")
          && joined.isEmpty()
          && negated(table).isEmpty()
          && next.filter(word -> !table.standsAlone(name()) || !isRecipe(word)).isPresent();
    }

    /**
     * What follows up to the next option, of a list as Python's parsers take one; else one word.
     */
    List<String> values(KeyTable table, List<String> following) {
      int end = 1;
      if (table.takesSeveral(name())) {
        while (end < following.size()
            && !following.get(end).startsWith("--")
            && !isRecipe(following.get(end))) {
          end++;
        }
      }
      return following.subList(0, end);
    }

    /** The same with its value: the one word, or several as a list in JSON. */
    Word followedBy(List<String> values) {
      return new Word(
          option,
          joined,
          Optional.of(values.size() == 1 ? values.getFirst() : JsonText.shown(values)));
    }

    /** The recipe, where this argument names one. */
    Optional<String> recipe() {
      if (!option.startsWith("--")) {
        return Optional.of(option);
      }
      return name().equals("config") ? value() : Optional.empty();
    }

    /** The setting made; empty where a value is missing. */
    Optional<RawSetting> setting(KeyTable table) {
      if (negated(table).isPresent() && joined.isEmpty()) {
        return Optional.of(new RawSetting(negated(table).get(), Optional.of("false"), origin()));
      }
      Optional<String> value = takesNext(table) ? next : joined;
      if (value.isEmpty() && !table.standsAlone(name()) && table.knows(name())) {
        return Optional.empty();
      }
      return Optional.of(new RawSetting(name(), Optional.of(value.orElse("true")), origin()));
    }

    private Optional<String> negated(KeyTable table) {
      String name = name();
      return (name.startsWith("no-") || name.startsWith("no_"))
              && table.standsAlone(name.substring(3))
          ? Optional.of(name.substring(3))
          : Optional.empty();
    }

    /**
     * What follows {@code --packing} is its value, unless it is plainly the recipe, or meant so.
     */
    private static boolean isRecipe(String word) {
      return word.endsWith(".yaml") || word.endsWith(".yml") || word.endsWith(".py");
    }
  }
}
