package dev.hlotune.configs;

/** Where a setting was written, as an error names it. */
public sealed interface Origin {

  /**
   * A line of a recipe.
   *
   * @param file the recipe as the user named it
   * @param line counted from 1
   */
  record InFile(String file, int line) implements Origin {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /**
   * An option of the command line.
   *
   * @param option the option as the user spelled it, with its dashes
   */
  record OnCommandLine(String option) implements Origin {
    @Override
    public String toString() {
      return option;
    }
  }
}
