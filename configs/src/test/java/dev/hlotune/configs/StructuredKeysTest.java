package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys whose values are lists or mappings: recipes and options come to the same. */
final class StructuredKeysTest {
  private record Part(Path path, int weight, List<String> columns) {}

  private static final Key<Path> PATH = Key.required("path", new FilePath(true), "A file.");
  private static final Key<Integer> WEIGHT =
      Key.preset("weight", WholeNumber.atLeast(1), 1, "A weight.").alias("repeat");
  private static final Key<List<String>> COLUMNS =
      Key.optional("columns", new TextList(), "Without it, all.");
  private static final RecordList<Part> PARTS =
      new RecordList<>(
          "a part",
          new KeyTable(List.of(new KeyTable.Section("Part", List.of(PATH, WEIGHT, COLUMNS)))),
          settings ->
              new Part(
                  settings.get(PATH),
                  settings.get(WEIGHT),
                  settings.find(COLUMNS).orElse(List.of())),
          (part, values) ->
              values
                  .put(PATH, part.path())
                  .put(WEIGHT, part.weight())
                  .put(COLUMNS, Optional.of(part.columns())));
  private static final Key<List<String>> TEXTS =
      Key.optional("texts", new TextList(), "Without it, none.");
  private static final Key<List<Part>> LIST = Key.optional("parts", PARTS, "Without it, none.");
  private static final Key<Integer> NUMBER =
      Key.optional("number", WholeNumber.atLeast(0), "Without it, none.");
  private static final KeyTable TABLE =
      new KeyTable(List.of(new KeyTable.Section("All", List.of(TEXTS, LIST, NUMBER))));

  @TempDir Path directory;

  private Resolver recipe(String yaml) throws IOException {
    Files.writeString(directory.resolve("recipe.yaml"), yaml);
    RecipeFile file = RecipeFile.read("recipe.yaml", directory.resolve("recipe.yaml"), TABLE);
    Resolver resolver = new Resolver(TABLE, Path.of("/nowhere"), Optional.of(directory));
    resolver.addProblems(file.problems());
    resolver.layer(file.settings());
    return resolver;
  }

  private Resolver options(String... arguments) {
    CommandLineSettings options = CommandLineSettings.parse(TABLE, List.of(arguments));
    Resolver resolver = new Resolver(TABLE, directory, Optional.empty());
    resolver.addProblems(options.problems());
    resolver.layer(options.settings());
    return resolver;
  }

  private static List<String> problems(Resolver resolver) {
    List<String> lines = new ArrayList<>();
    resolver.problems().forEach(problem -> lines.add(problem.toString()));
    return lines;
  }

  private static List<String> texts(Resolver resolver) {
    assertEquals(List.of(), problems(resolver));
    return resolver.settings().find(TEXTS).orElseThrow();
  }

  @Test
  void textsAreAListInARecipeAndJsonOrCommasInAnOption() throws IOException {
    List<String> expected = List.of("<|a|>", "[INST]", "b, c", "1");
    assertEquals(expected, texts(recipe("texts:\n- <|a|>\n- \"[INST]\"\n- 'b, c'\n- \"1\"\n")));
    assertEquals(expected, texts(recipe("texts: [<|a|>, '[INST]', 'b, c', '1']\nnumber: 3\n")));
    assertEquals(expected, texts(options("--texts", "[\"<|a|>\", \"[INST]\", \"b, c\", \"1\"]")));
    assertEquals(List.of("<|a|>", "b", "c"), texts(options("--texts=<|a|>, b,c")));
    assertEquals(List.of("[INST]", "[/INST]"), texts(options("--texts", "[INST],[/INST]")));
    assertEquals(List.of("<|a|>"), texts(recipe("texts: <|a|>\n")));
    assertEquals(List.of(), texts(options("--texts", "[]")));
    assertEquals(Optional.empty(), recipe("texts: null\nparts: null\n").settings().find(TEXTS));
  }

  @Test
  void whatIsNoListOfTextsIsRefused() throws IOException {
    String expected = "'texts': expected a list of texts, or texts separated by commas, got ";
    assertEquals(
        List.of("recipe.yaml:2: " + expected + "'7' in it; put a text in quotes"),
        problems(recipe("number: 1\ntexts: [a, 7]\n")));
    assertEquals(
        List.of("recipe.yaml:1: " + expected + "a list in it; put a text in quotes"),
        problems(recipe("texts:\n- [INST]\n")));
    assertEquals(
        List.of("recipe.yaml:1: " + expected + "a mapping"), problems(recipe("texts: {a: b}\n")));
    assertEquals(
        List.of("--texts: " + expected + "an empty one"), problems(options("--texts", "a,,b")));
    for (String broken : List.of("[\"a\", \"b\"", "['a', 'b']")) {
      String problem = problems(options("--texts", broken)).getFirst();
      assertEquals(
          "--texts: " + expected + "'" + broken + "', which is broken JSON",
          problem.substring(0, problem.indexOf("JSON") + 4));
    }
    assertEquals(
        List.of("recipe.yaml:1: 'number': expected one value, got a list"),
        problems(recipe("number: [1]\n")));
  }

  @Test
  void recordsAreMappingsInARecipeAndObjectsInAnOption() throws IOException {
    Path file = Files.writeString(directory.resolve("a.jsonl"), "{}\n");
    Resolver read =
        recipe(
            "parts:\n- path: a.jsonl\n  weight: 1_0\n  columns: [x, y]\n- {path: "
                + file
                + ", repeat: 2}\n");
    assertEquals(List.of(), problems(read));
    List<Part> parts = read.settings().find(LIST).orElseThrow();
    assertEquals(
        List.of(new Part(file, 10, List.of("x", "y")), new Part(file, 2, List.of())), parts);

    String json = JsonText.shown(PARTS.plain(parts));
    assertEquals(
        "[{\"path\":\"%1$s\",\"weight\":10,\"columns\":[\"x\",\"y\"]},{\"path\":\"%1$s\",\"weight\":2,\"columns\":[]}]"
            .formatted(file),
        json);
    assertEquals(parts, options("--parts", json).settings().find(LIST).orElseThrow());
    assertEquals(parts, recipe("parts: " + json).settings().find(LIST).orElseThrow());
    assertEquals(
        List.of(new Part(Path.of("a.jsonl"), 1, List.of())),
        options("--parts", "{\"path\": \"a.jsonl\"}").settings().find(LIST).orElseThrow());
  }

  @Test
  void allProblemsOfRecordsAreNamedWithTheirEntry() throws IOException {
    assertEquals(
        List.of(
            "recipe.yaml:1: 'parts': entry 1: 'paht': expected a known key, got an unknown one; did"
                + " you mean 'path'?; entry 1: 'weight': expected a whole number of at least 1, got"
                + " '0'; entry 2: 'path': expected a value, got none; entry 3: expected a part as a mapping, got 'x'; entry 4: 'path':"
                + " expected one value, got a list; entry 4: 'repeat': expected 'weight' once, got"
                + " it twice"),
        problems(
            recipe("parts: [{paht: a, weight: 0}, {}, x, {path: [a], weight: 1, repeat: 2}]\n")));
    IllegalArgumentException broken =
        assertThrows(IllegalArgumentException.class, () -> PARTS.parse("x"));
    String expected =
        "expected a list of mappings, each a part with 'path', 'weight', 'columns', got 'x', which"
            + " is not JSON: ";
    assertTrue(String.valueOf(broken.getMessage()).startsWith(expected), broken.getMessage());
    assertEquals(
        Map.of("path", "p", "weight", 1, "columns", List.of()),
        ((List<?>) PARTS.plain(List.of(new Part(Path.of("p"), 1, List.of())))).getFirst());
  }
}
