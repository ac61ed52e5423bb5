package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An input that is a file or directory, or a repository of the Hugging Face hub. What is there is
 * meant, as with {@link FilePath}; what is not there and could be an id is one.
 *
 * @param data whether it is data: then it may also be a pattern of file names, or a task that is
 *     made up ({@code task:NAME})
 */
record PathOrHub(boolean data) implements KeyType<Location> {
  private static final FilePath PATH = new FilePath(true);
  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

  /**
   * What nobody calls a repository: a path that is mistyped must not become a question to a hub.
   */
  private static final Pattern FILE =
      Pattern.compile(
          ".*\\.(json|jsonl|ndjson|csv|tsv|txt|parquet|arrow|gz|zst|yaml|yml|safetensors)");

  @Override
  public String placeholder() {
    return "PATH|ID";
  }

  @Override
  public String expectation() {
    return "a file or directory that exists, or a repository of the hub ('owner/name')";
  }

  /** Reads a path; whether it is one is seen when it is looked for. */
  @Override
  public Location parse(String text) {
    return parse(text, Locator.UNSEEN);
  }

  @Override
  public Location parse(String text, Locator locator) {
    if (data && text.startsWith(Location.Task.PREFIX)) {
      return new Location.Task(text.substring(Location.Task.PREFIX.length()));
    }
    Path path;
    try {
      path = PATH.parse(text);
    } catch (IllegalArgumentException e) {
      throw unexpected(text);
    }
    if (locator.find(path).isPresent()) {
      return new Location.Local(locator.find(path).get());
    }
    Matcher wildcard = WILDCARD.matcher(text);
    if (data && wildcard.find()) {
      return glob(text, wildcard.start(), locator);
    }
    String id = text.replace('\\', '/');
    if (Location.OnHub.isId(id) && !FILE.matcher(id).matches()) {
      return new Location.OnHub(id);
    }
    throw locator.absent(this, path);
  }

  /** A pattern is meant from where the folder before its first wildcard is. */
  private Location glob(String text, int wildcard, Locator locator) {
    int slash = text.lastIndexOf('/', wildcard);
    Path folder = PATH.parse(slash < 0 ? "." : text.substring(0, slash + 1));
    Path found = locator.find(folder).orElseThrow(() -> locator.absent(this, folder));
    String rest = text.substring(slash + 1);
    return new Location.Glob(slash < 0 && found.equals(folder) ? rest : found + "/" + rest);
  }

  @Override
  public void check(Location value) {
    // As with paths: records do no input or output.
  }

  @Override
  public Object plain(Location value) {
    return value.toString();
  }
}
