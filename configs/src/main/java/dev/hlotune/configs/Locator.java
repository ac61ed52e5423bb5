package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.Optional;

/** Finds the files that a recipe or an option names. */
interface Locator {
  /** Takes every path as it was named: for values made in code, which are not looked for. */
  Locator UNSEEN =
      new Locator() {
        @Override
        public Optional<Path> find(Path path) {
          return Optional.of(path);
        }

        @Override
        public Optional<Path> beside(Path path) {
          return Optional.empty();
        }
      };

  /** The file that a path means, if it is there. */
  Optional<Path> find(Path path);

  /** The same path from the directory of the recipe, where it was named in one. */
  Optional<Path> beside(Path path);

  /** The error where a path is not there. */
  default IllegalArgumentException absent(KeyType<?> type, Path path) {
    String looked = beside(path).map(other -> ", nor is '" + other + "'").orElse("");
    return new IllegalArgumentException(
        "expected " + type.expectation() + ", got '" + path + "', which is not there" + looked);
  }
}
