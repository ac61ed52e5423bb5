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
      i += word.value().isPresent() && word.takesNext(table) ? 1 : 0;
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
          && next.filter(word -> !standsAlone(table, name()) || !isRecipe(word)).isPresent();
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
      if (value.isEmpty() && !standsAlone(table, name()) && table.find(name()).isPresent()) {
        return Optional.empty();
      }
      return Optional.of(new RawSetting(name(), Optional.of(value.orElse("true")), origin()));
    }

    private Optional<String> negated(KeyTable table) {
      String name = name();
      return (name.startsWith("no-") || name.startsWith("no_"))
              && standsAlone(table, name.substring(3))
          ? Optional.of(name.substring(3))
          : Optional.empty();
    }

    /** What follows {@code --packing} is its value, unless it is plainly the recipe. */
    private static boolean isRecipe(String word) {
      return word.endsWith(".yaml") || word.endsWith(".yml");
    }

    private static boolean standsAlone(KeyTable table, String name) {
      return table
          .find(name)
          .filter(match ->
              match.alias().filter(Alias::flag).isPresent() || match.key().type().standsAlone())
          .isPresent();
    }
  }
}
