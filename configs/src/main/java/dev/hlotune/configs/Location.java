package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Where a model, a tokenizer or a data set is: on this machine, or on the Hugging Face hub. */
public sealed interface Location {

  /**
   * A file or directory of this machine.
   *
   * @param path as it was named, or beside the recipe that names it
   */
  record Local(Path path) implements Location {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * A repository of the hub.
   *
   * @param id {@code owner/name}, or {@code name} alone for the hub's oldest
   */
  record OnHub(String id) implements Location {
    private static final Pattern NAME = Pattern.compile("\\w(?:[\\w.-]*\\w)?");
    private static final int LONGEST = 96;

    /** Holds the hub's rules for names. */
    public OnHub {
      if (!isId(id)) {
        throw new IllegalArgumentException(
            "expected an id of the hub ('owner/name'), got '" + id + "'");
      }
    }

    /**
     * Whether the hub allows a repository of that id: one or two names, each of at most 96 ASCII
     * letters, digits, dashes, dots and underscores, which neither begin nor end with a dash or
     * dot.
     */
    public static boolean isId(String text) {
      List<String> names = List.of(text.split("/", -1));
      return names.size() <= 2
          && !text.contains("--")
          && !text.contains("..")
          && !text.endsWith(".git")
          && names.stream()
              .allMatch(name -> name.length() <= LONGEST && NAME.matcher(name).matches());
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /**
   * Files of this machine, by a pattern.
   *
   * @param pattern with {@code *}, {@code **}, {@code ?}, <code>{a,b}</code> or {@code [abc]}
   */
  record Glob(String pattern) implements Location {
    @Override
    public String toString() {
      return pattern;
    }
  }

  /**
   * Data that is made up.
   *
   * @param name of the task
   */
  record Task(String name) implements Location {
    static final String PREFIX = "task:";

    @Override
    public String toString() {
      return PREFIX + name;
    }
  }

  /**
   * The path of something on this machine.
   *
   * @throws IllegalStateException if it is on the hub: whoever runs a configuration fetches that
   *     first
   */
  default Path path() {
    return switch (this) {
      case Local(Path path) -> path;
      case OnHub(String id) ->
          throw new IllegalStateException(
              "expected '" + id + "' to be fetched from the hub before it is opened");
      case Glob _, Task _ ->
          throw new IllegalStateException("expected one path, got '" + this + "'");
    };
  }
}
