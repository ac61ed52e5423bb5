package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.loop.StepMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The documentation says what is: its commands are understood, its links lead somewhere, its names
 * exist.
 */
final class DocsTest {
  private static final Path ROOT = Repository.root();

  @TempDir Path directory;

  /** Every {@code ./hlotune} in a fenced block, parsed by the program itself in the root folder. */
  @TestFactory
  Stream<DynamicTest> commandsAreUnderstood() throws IOException {
    Path gpt2 = Files.createDirectories(directory.resolve("gpt2"));
    Path data = Files.writeString(directory.resolve("data.jsonl"), "{}\n");
    List<String> commands = commands(Files.readString(ROOT.resolve("README.md")));
    assertTrue(commands.size() > 5, () -> "commands found: " + commands);
    assertTrue(commands.contains("sft configs/quickstart.yaml"), () -> "got " + commands);
    return commands.stream()
        .map(command ->
            DynamicTest.dynamicTest(
                command,
                () -> {
                  // The reader's own files, which stand in the text by name only.
                  List<String> words =
                      Arrays.stream(command.split(" ", -1))
                          .map(word ->
                              word.equals("gpt2/")
                                  ? gpt2.toString()
                                  : word.endsWith(".jsonl") ? data.toString() : word)
                          .collect(Collectors.toCollection(ArrayList::new));
                  parse(words);
                }));
  }

  /** The command lines of other systems, with the program's name changed. */
  @Test
  void commandsOfOtherSystemsAreUnderstood() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("ds_config.json"),
            "{\"zero_optimization\": {\"stage\": 2}, \"fp16\": {\"enabled\": true}}");
    List<String> commands = commands(Files.readString(ROOT.resolve("docs/coming-from.md")));
    assertTrue(commands.size() >= 7, () -> "commands found: " + commands);
    for (String command : commands) {
      List<String> words =
          Arrays.stream(command.split(" ", -1))
              .map(word -> word.replaceAll("^['\"]|['\"]$", ""))
              .map(word -> word.equals("ds_config.json") ? file.toString() : word)
              .collect(Collectors.toCollection(ArrayList::new));
      if (command.contains(" configs/")) {
        parse(words); // In the folder from which the recipe names its files.
      } else {
        assertDoesNotThrow(() -> SftRecipe.read(words.subList(1, words.size())), command);
      }
    }
  }

  /** An option that is not there is noticed, so that the test above can fail. */
  @Test
  void aWrongOptionIsNotUnderstood() throws Exception {
    assertEquals(2, start(List.of("sft", "--no_such_key", "1", "--dry-run")).code());
    assertThrows(
        CommandLine.ParameterException.class,
        () -> parse(new ArrayList<>(List.of("bench", "--no-such-option"))));
  }

  @Test
  void everyRecipeIsNamedAndThere() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    Set<String> named = found(readme, Pattern.compile("configs/[\\w.-]+\\.yaml"));
    try (Stream<Path> files = Files.list(ROOT.resolve("configs"))) {
      Set<String> there =
          files
              .map(file -> "configs/" + file.getFileName())
              .filter(name -> name.endsWith(".yaml"))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(there, named);
    }
  }

  @Test
  void theContinuousBuildRunsTheTestCommand() throws IOException {
    String script = Files.readString(ROOT.resolve(".ci/run"));
    Pattern command = Pattern.compile("(?m)^(\\./mvnw)\\b.* (verify)\\b");
    Set<String> readme = found(Files.readString(ROOT.resolve("README.md")), command);
    assertFalse(readme.isEmpty());
    assertTrue(command.matcher(script).find(), script);
  }

  @TestFactory
  Stream<DynamicTest> linksLeadSomewhere() throws IOException {
    return pages().stream()
        .map(page ->
            DynamicTest.dynamicTest(
                ROOT.relativize(page).toString(),
                () -> {
                  Set<String> links =
                      found(outsideFences(page), Pattern.compile("(?<=\\]\\()[^)#\\s]+"));
                  for (String link : links) {
                    assertTrue(
                        link.startsWith("https://")
                            || Files.exists(page.resolveSibling(link).normalize()),
                        () -> "no such page: " + link);
                  }
                }));
  }

  /** Numbers without gaps, each once, and each decision in the list of the architecture page. */
  @Test
  void decisionsAreNumbered() throws IOException {
    List<Path> pages;
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/adr"))) {
      pages = files.sorted().toList();
    }
    String architecture = Files.readString(ROOT.resolve("docs/architecture.md"));
    assertEquals(
        IntStream.rangeClosed(1, pages.size()).mapToObj("%04d"::formatted).toList(),
        pages.stream().map(page -> page.getFileName().toString().substring(0, 4)).toList());
    for (int i = 0; i < pages.size(); i++) {
      String name = pages.get(i).getFileName().toString();
      String title = Files.readString(pages.get(i)).lines().findFirst().orElse("");
      assertTrue(title.startsWith("# " + (i + 1) + ". "), () -> name + ": " + title);
      assertTrue(architecture.contains("(adr/" + name + ")"), name + " is not in the list");
    }
  }

  @Test
  void theKeysOfMetricsAreThoseOfTheReadme() throws IOException {
    List<String> expected =
        Arrays.stream(StepMetrics.class.getRecordComponents())
            .filter(component -> component.getType() != Map.class)
            .flatMap(component ->
                component.getType().isRecord()
                    ? Arrays.stream(component.getType().getRecordComponents())
                    : Stream.of(component))
            .map(RecordComponent::getName)
            .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
            .toList();
    String row =
        Files.readString(ROOT.resolve("README.md"))
            .lines()
            .filter(line -> line.startsWith("| `metrics.jsonl` |"))
            .findFirst()
            .orElseThrow();
    List<String> named =
        Pattern.compile("`(\\w+)`").matcher(row).results().map(match -> match.group(1)).toList();
    assertEquals(expected, named);
  }

  /** A page that explains the code names types, and packages, that are there. */
  @Test
  void namedTypesExist() throws IOException {
    Set<String> types = new TreeSet<>();
    try (Stream<Path> files = Files.walk(ROOT)) {
      files
          .map(Path::toString)
          .filter(name -> name.contains("/src/") && name.endsWith(".java"))
          .forEach(name -> types.add(name.replaceAll(".*/|\\.java$", "")));
    }
    Set<String> unknown = new TreeSet<>();
    int seen = 0;
    for (String line : Files.readAllLines(ROOT.resolve("docs/concepts.md"))) {
      if (!line.startsWith("| ") || line.startsWith("| word")) {
        continue;
      }
      String column = line.substring(line.lastIndexOf('|', line.length() - 2));
      for (String name : found(column, Pattern.compile("(?<=[`.])[A-Z]\\w+"))) {
        seen++;
        // Records inside Op and Program stand in those files.
        if (!types.contains(name) && !List.of("CustomVjp", "Input").contains(name)) {
          unknown.add(name);
        }
      }
    }
    assertTrue(seen > 50, "names found: " + seen);
    assertEquals(Set.of(), unknown);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(
              Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CHANGELOG.md")),
              files.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  private static String outsideFences(Path page) {
    try {
      return Files.readString(page).replaceAll("(?s)```.*?```", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> found(String text, Pattern pattern) {
    return pattern
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What follows {@code ./hlotune} in the blocks of shell commands, continued lines joined. */
  private static List<String> commands(String markdown) {
    return Pattern.compile("(?s)```sh\\n(.*?)```")
        .matcher(markdown)
        .results()
        .flatMap(block -> block.group(1).replaceAll("\\\\\\n\\s*", "").lines())
        .filter(line -> line.startsWith("./hlotune "))
        .map(line -> line.replaceAll("#.*", "").substring("./hlotune ".length()).strip())
        .map(line -> line.replaceAll(" +", " "))
        .toList();
  }

  private void parse(List<String> words) throws Exception {
    if (words.getFirst().equals("sft")) {
      words.add("--dry-run");
      Ended ended = start(words);
      assertEquals(0, ended.code(), ended.text());
      return;
    }
    Subcommand named =
        Arrays.stream(Subcommand.values())
            .filter(one -> one.spelled().equals(words.getFirst()))
            .findFirst()
            .orElseThrow();
    CommandLine.ParseResult parsed =
        named
            .make(Captured.plain().console())
            .parseArgs(words.subList(1, words.size()).toArray(String[]::new));
    assertEquals(List.of(), parsed.unmatched());
  }

  private record Ended(int code, String text) {}

  /** Runs the program in the root folder, where the reader would. */
  private Ended start(List<String> words) throws Exception {
    Path said = Files.createTempFile(directory, "said", ".txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(words);
    Process process =
        new ProcessBuilder(command)
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), () -> "no end: " + words);
      return new Ended(process.exitValue(), Files.readString(said));
    } finally {
      process.destroyForcibly();
    }
  }
}
