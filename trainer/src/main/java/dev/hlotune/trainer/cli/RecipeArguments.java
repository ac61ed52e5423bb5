package dev.hlotune.trainer.cli;

import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.loop.RecipeData;
import dev.hlotune.trainer.loop.RunObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A recipe and keys, as {@code hlotune sft} takes them. */
final class RecipeArguments {
  @Parameters(
      arity = "0..*",
      paramLabel = "RECIPE|KEY",
      description =
          "A YAML recipe, and any of the keys of 'hlotune sft' as options. The model's weights are"
              + " not needed: a folder with a tokenizer is enough.")
  private List<String> arguments = new ArrayList<>();

  /** Reads them. */
  SftConfig read(Console console) {
    SftRecipe recipe = SftRecipe.read(arguments);
    recipe.notes().forEach(console::note);
    return recipe.config();
  }

  /** Reads them and opens the data. */
  RecipeData open(Console console, RunObserver observer) throws IOException {
    return RecipeData.open(read(console), observer);
  }
}
