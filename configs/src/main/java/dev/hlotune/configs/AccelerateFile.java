package dev.hlotune.configs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file that {@code accelerate launch --config_file} names: keys like those of a recipe, which
 * lie under it.
 *
 * @param settings in the order of the file
 * @param problems with the form of the file
 */
record AccelerateFile(List<RawSetting> settings, List<Problem> problems) {
  static final String NAME = "config_file";

  /**
   * The file that is named last, if any is.
   *
   * @param layers settings, later ones over earlier ones
   * @param recipe the directory of the recipe, beside which it may be
   */
  static Optional<AccelerateFile> named(
      List<List<RawSetting>> layers, Path working, Optional<Path> recipe) {
    Optional<RawSetting> named = Optional.empty();
    for (List<RawSetting> layer : layers) {
      for (RawSetting setting : layer) {
        named = Siblings.plain(setting.name()).equals(NAME) ? Optional.of(setting) : named;
      }
    }
    return named
        .filter(setting ->
            setting.text().filter(text -> !text.isBlank() && !text.equals("None")).isPresent())
        .map(setting -> read(setting, setting.text().orElseThrow(), working, recipe));
  }

  private static AccelerateFile read(
      RawSetting setting, String name, Path working, Optional<Path> recipe) {
    Path here = working.resolve(name);
    Path file =
        recipe
            .filter(_ -> !Files.exists(here))
            .map(folder -> working.resolve(folder).resolve(name))
            .orElse(here);
    if (!Files.isRegularFile(file)) {
      return new AccelerateFile(
          List.of(),
          List.of(
              Problem.at(
                  setting.origin(),
                  "'"
                      + setting.name()
                      + "': expected a file of 'accelerate config', got '"
                      + name
                      + "', which is not there")));
    }
    RecipeFile read = RecipeFile.read(name, file, SftKeys.TABLE);
    return new AccelerateFile(read.settings(), read.problems());
  }

  /** These settings, under those of the layers. */
  List<List<RawSetting>> under(List<List<RawSetting>> layers) {
    List<List<RawSetting>> all = new ArrayList<>();
    all.add(settings);
    all.addAll(layers);
    return all;
  }
}
