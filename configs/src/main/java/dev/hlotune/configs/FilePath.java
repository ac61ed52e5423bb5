package dev.hlotune.configs;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * A file or directory.
 *
 * @param input whether it is read: it must be there, and a relative one in a recipe may also be
 *     meant from the recipe's own directory
 */
record FilePath(boolean input) implements KeyType<Path> {

  @Override
  public String placeholder() {
    return "PATH";
  }

  @Override
  public String expectation() {
    return input ? "a file or directory that exists" : "a path";
  }

  @Override
  public Path parse(String text) {
    if (text.isBlank()) {
      throw unexpected(text);
    }
    try {
      return Path.of(home(text));
    } catch (InvalidPathException e) {
      throw unexpected(text);
    }
  }

  @Override
  public Path parse(String text, Locator locator) {
    Path path = parse(text);
    return input ? locator.find(path).orElseThrow(() -> locator.absent(this, path)) : path;
  }

  /** A shell leaves the tilde alone in {@code --key=~/x}, and nothing expands it in a recipe. */
  private static String home(String text) {
    return text.equals("~") || text.startsWith("~/")
        ? System.getProperty("user.home") + text.substring(1)
        : text;
  }

  @Override
  public void check(Path value) {
    // Existence is looked up once, where the recipe is read: records do no input or output.
  }

  @Override
  public Object plain(Path value) {
    return value.toString();
  }
}
