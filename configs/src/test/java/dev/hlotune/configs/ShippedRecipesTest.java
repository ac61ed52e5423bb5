package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every recipe in {@code configs/} is read without a problem, from the root of the repository. */
final class ShippedRecipesTest {
  private static final Path ROOT = Path.of(System.getProperty("hlotune.root", ".."));

  @TempDir Path directory;

  @TestFactory
  List<DynamicTest> recipesParse() throws IOException {
    List<Path> recipes;
    try (Stream<Path> files = Files.list(ROOT.resolve("configs"))) {
      recipes = files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
    Assumptions.assumeFalse(recipes.isEmpty(), "no recipe is in configs/ yet");
    return recipes.stream()
        .map(recipe -> DynamicTest.dynamicTest(recipe.getFileName().toString(), () -> read(recipe)))
        .toList();
  }

  /** Data and tokenizer that a recipe leaves to the command line are given here. */
  private void read(Path recipe) throws IOException {
    Path data = Files.writeString(directory.resolve("data.jsonl"), "{}\n");
    String text = Files.readString(recipe);
    List<String> arguments = new ArrayList<>(List.of("configs/" + recipe.getFileName()));
    for (String key : List.of("dataset_name", "eval_dataset_name", "tokenizer_name_or_path")) {
      String several = key.replace("dataset_name", "datasets");
      if (!text.lines()
          .anyMatch(line -> line.startsWith(key + ":") || line.startsWith(several + ":"))) {
        arguments.addAll(List.of("--" + key, data.toString()));
      }
    }
    assertFalse(SftRecipe.read(arguments, ROOT).config().resolved().isEmpty());
  }
}
