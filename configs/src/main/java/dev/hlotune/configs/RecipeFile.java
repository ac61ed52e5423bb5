package dev.hlotune.configs;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a recipe token by token, so that every setting keeps its line.
 *
 * @param settings in the order of the file
 * @param problems with the form of the file; what a key means is looked at later
 */
record RecipeFile(List<RawSetting> settings, List<Problem> problems) {

  /**
   * Reads a file.
   *
   * @param shown the file as problems name it
   * @param table says which keys may have lists and mappings; these are handed on as JSON text
   */
  static RecipeFile read(String shown, Path file, KeyTable table) {
    List<RawSetting> settings = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        JsonParser parser = new YAMLFactory().createParser(reader)) {
      new Cursor(shown, parser, table, settings, problems).document();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      problems.add(
          Problem.at(
              new Origin.InFile(shown, line),
              "recipe: expected YAML, got a syntax error: " + firstLine(e.getOriginalMessage())));
    } catch (NoSuchFileException e) {
      problems.add(unreadable("recipe: expected a file, got '" + shown + "', which is not there"));
    } catch (MalformedInputException e) {
      problems.add(unreadable("recipe '" + shown + "': expected UTF-8 text, got other bytes"));
    } catch (IOException e) {
      problems.add(
          unreadable(
              "recipe '" + shown + "': expected a readable file, got '" + e.getMessage() + "'"));
    }
    return new RecipeFile(List.copyOf(settings), List.copyOf(problems));
  }

  private static Problem unreadable(String message) {
    return new Problem(Optional.empty(), List.of(), message);
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("unreadable").strip();
  }

  private record Cursor(
      String shown,
      JsonParser parser,
      KeyTable table,
      List<RawSetting> settings,
      List<Problem> problems) {

    void document() throws IOException {
      JsonToken first = parser.nextToken();
      if (first == null || (first == JsonToken.VALUE_NULL && parser.nextToken() == null)) {
        return;
      }
      if (first != JsonToken.START_OBJECT) {
        problem("recipe: expected lines of the form 'key: value', got " + name(first));
        return;
      }
      mapping("");
      if (parser.nextToken() != null) {
        problem("recipe: expected one YAML document, got a second one");
      }
    }

    private void mapping(String prefix) throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = prefix + parser.currentName();
        Origin origin = here();
        JsonToken value = parser.nextToken();
        switch (value) {
          case VALUE_NULL -> settings.add(new RawSetting(name, Optional.empty(), origin));
          case START_OBJECT -> {
            if (table.group(name).isEmpty()) {
              structure(name, origin, "a mapping");
            } else {
              mapping(name + ".");
            }
          }
          case START_ARRAY -> structure(name, origin, "a list");
          default -> settings.add(new RawSetting(name, Optional.of(parser.getText()), origin));
        }
      }
    }

    private void structure(String name, Origin origin, String got) throws IOException {
      if (table.structured(name)) {
        settings.add(new RawSetting(name, Optional.of(JsonText.copy(parser)), origin));
      } else {
        problems.add(Problem.at(origin, "'" + name + "': expected one value, got " + got));
        parser.skipChildren();
      }
    }

    private Origin here() {
      return new Origin.InFile(shown, parser.currentTokenLocation().getLineNr());
    }

    private void problem(String message) {
      problems.add(Problem.at(here(), message));
    }

    private static String name(JsonToken token) {
      return token == JsonToken.START_ARRAY ? "a list" : "a single value";
    }
  }
}
