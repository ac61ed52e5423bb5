package dev.hlotune.configs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a DeepSpeed configuration token by token, so that every setting keeps its line. What it
 * leaves to the trainer, as {@code "auto"}, is no setting.
 *
 * @param settings by their names with the groups before them, in the order of the file
 * @param problems with the form of the file, and unknown names
 */
record DeepSpeedFile(List<RawSetting> settings, List<Problem> problems) {
  /** The names under which a run is told of one. */
  static final Set<String> NAMES =
      Set.of("deepspeed", "deepspeed_config", "deepspeed_config_file", "ds_config");

  /** The file, or the mapping in its place, that is named last, if any is. */
  static Optional<DeepSpeedFile> named(
      List<List<RawSetting>> layers, Path working, Optional<Path> recipe) {
    Optional<RawSetting> named = Optional.empty();
    for (List<RawSetting> layer : layers) {
      for (RawSetting setting : layer) {
        named = NAMES.contains(Siblings.plain(setting.name())) ? Optional.of(setting) : named;
      }
    }
    return named
        .filter(setting ->
            setting.text().filter(text -> !text.isBlank() && !text.equals("None")).isPresent())
        .map(setting -> read(setting, setting.text().orElseThrow(), working, recipe));
  }

  private static DeepSpeedFile read(
      RawSetting setting, String text, Path working, Optional<Path> recipe) {
    List<RawSetting> settings = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    String label = "'" + setting.name() + "'";
    String shown = text.startsWith("{") ? "" : text;
    try {
      String json = shown.isEmpty() ? text : Files.readString(place(text, working, recipe));
      try (JsonParser parser = new JsonFactory().createParser(json)) {
        new Cursor(shown, setting.origin(), parser, settings, problems).document();
      }
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      problems.add(
          Problem.at(
              shown.isEmpty() ? setting.origin() : new Origin.InFile(shown, line),
              label
                  + ": expected JSON, got a syntax error: "
                  + e.getOriginalMessage().lines().findFirst().orElse("unreadable").strip()));
    } catch (NoSuchFileException e) {
      problems.add(
          Problem.at(
              setting.origin(),
              label + ": expected a file, got '" + text + "', which is not there"));
    } catch (MalformedInputException e) {
      problems.add(Problem.at(setting.origin(), label + ": expected UTF-8 text, got other bytes"));
    } catch (IOException e) {
      problems.add(
          Problem.at(
              setting.origin(),
              label + ": expected a readable file, got '" + e.getMessage() + "'"));
    }
    return new DeepSpeedFile(List.copyOf(settings), List.copyOf(problems));
  }

  /** In the working directory, or beside the recipe. */
  private static Path place(String file, Path working, Optional<Path> recipe) {
    Path here = working.resolve(file);
    return recipe
        .filter(_ -> !Files.exists(here))
        .map(folder -> working.resolve(folder).resolve(file))
        .orElse(here);
  }

  private record Cursor(
      String file,
      Origin named,
      JsonParser parser,
      List<RawSetting> settings,
      List<Problem> problems) {

    void document() throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        problems.add(
            Problem.at(here(), "DeepSpeed configuration: expected an object, got something else"));
        return;
      }
      group("");
      parser.nextToken();
    }

    private void group(String prefix) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = prefix + parser.currentName();
        Origin origin = here();
        JsonToken value = parser.nextToken();
        if (value == JsonToken.START_OBJECT && (DeepSpeedKeys.isGroup(name) || !known(name))) {
          group(name + ".");
          continue;
        }
        Optional<String> text =
            value == JsonToken.VALUE_NULL
                ? Optional.empty()
                : Optional.of(value.isStructStart() ? JsonText.copy(parser) : parser.getText());
        if (!known(name)) {
          problems.add(
              Problem.at(
                  origin,
                  "'"
                      + name
                      + "': expected a key of a DeepSpeed configuration, got an unknown one"
                      + DeepSpeedKeys.TABLE
                          .nearest(name)
                          .map(near -> "; did you mean '" + near + "'?")
                          .orElse("")));
        } else if (!text.equals(Optional.of("auto"))) {
          settings.add(new RawSetting(name, text, origin));
        }
      }
    }

    private static boolean known(String name) {
      return !DeepSpeedKeys.of(name).isEmpty();
    }

    private Origin here() {
      return file.isEmpty()
          ? named
          : new Origin.InFile(file, parser.currentTokenLocation().getLineNr());
    }
  }
}
