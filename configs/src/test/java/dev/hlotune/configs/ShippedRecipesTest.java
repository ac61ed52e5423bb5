package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every recipe in {@code configs/} is read without a problem, from the root of the repository. */
final class ShippedRecipesTest {
  private static final Path ROOT = Path.of(System.getProperty("hlotune.root", ".."));

  @TempDir Path directory;

  @TestFactory
  List<DynamicTest> recipesParse() throws IOException {
    return recipes().stream()
        .map(recipe -> DynamicTest.dynamicTest(recipe.getFileName().toString(), () -> read(recipe)))
        .toList();
  }

  private static List<Path> recipes() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("configs"))) {
      List<Path> recipes =
          files
              .filter(file -> file.toString().endsWith(".yaml"))
              .filter(file -> !file.toString().endsWith("-sweep.yaml"))
              .sorted()
              .toList();
      assertFalse(recipes.isEmpty(), "recipes in configs");
      return recipes;
    }
  }

  /** Data and tokenizer that a recipe leaves to the command line are given here. */
  private void read(Path recipe) throws IOException {
    Path data = Files.writeString(directory.resolve("data.jsonl"), "{}\n");
    String text = Files.readString(recipe);
    List<String> arguments = new ArrayList<>(List.of("configs/" + recipe.getFileName()));
    if (!has(text, "dataset_name", "datasets")) {
      arguments.addAll(List.of("--dataset_name", data.toString()));
    }
    if (!has(text, "eval_dataset_name", "eval_datasets", "eval_split", "test_size")) {
      arguments.addAll(List.of("--eval_dataset_name", data.toString()));
    }
    if (!has(text, "tokenizer_name_or_path") && text.contains("\nmodel_name_or_path: configs/")) {
      arguments.addAll(List.of("--tokenizer_name_or_path", data.toString()));
    }
    assertFalse(SftRecipe.read(arguments, ROOT).config().resolved().isEmpty());
  }

  private static boolean has(String recipe, String... keys) {
    return recipe
        .lines()
        .anyMatch(line -> Stream.of(keys).anyMatch(key -> line.startsWith(key + ":")));
  }

  /** The comment that a recipe begins with says how it is run; what it says is understood. */
  @TestFactory
  List<DynamicTest> commandsOfCommentsAreUnderstood() throws IOException {
    return recipes().stream()
        .map(recipe ->
            DynamicTest.dynamicTest(recipe.getFileName().toString(), () -> follow(recipe)))
        .toList();
  }

  private void follow(Path recipe) throws IOException {
    String comment =
        Files.readString(recipe)
            .lines()
            .takeWhile(line -> line.startsWith("#"))
            .map(line -> line.substring(1))
            .collect(Collectors.joining("\n"));
    List<String> commands =
        comment
            .replaceAll("\\\\\n\\s*", "")
            .lines()
            .filter(line -> line.startsWith("   ./hlotune sft "))
            .map(line -> line.strip().substring("./hlotune sft ".length()))
            .toList();
    assertFalse(commands.isEmpty(), "commands in the comment");
    // The reader's own files, which stand in the comment by name only.
    Path data = Files.writeString(directory.resolve("data.jsonl"), "{}\n");
    Path model = Files.createDirectories(directory.resolve("model"));
    for (String command : commands) {
      List<String> words =
          Stream.of(command.split(" +"))
              .map(word ->
                  word.endsWith(".jsonl")
                      ? data.toString()
                      : word.equals("gpt2/") ? model.toString() : word)
              .toList();
      assertEquals("configs/" + recipe.getFileName(), words.getFirst());
      assertFalse(SftRecipe.read(words, ROOT).config().resolved().isEmpty());
    }
  }
}
