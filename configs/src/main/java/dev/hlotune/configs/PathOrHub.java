package dev.hlotune.configs;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An input that is a file or directory, or a repository of the Hugging Face hub. What is there is
 * meant, as with {@link FilePath}; what is not there and could be an id is one.
 */
record PathOrHub() implements KeyType<Location> {
  private static final FilePath PATH = new FilePath(true);

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
    try {
      return new Location.Local(PATH.parse(text));
    } catch (IllegalArgumentException e) {
      throw unexpected(text);
    }
  }

  /** The repository that something is which is not on this machine. */
  Optional<Location> onHub(Location absent) {
    String id = absent.toString().replace('\\', '/');
    return Location.OnHub.isId(id) && !FILE.matcher(id).matches()
        ? Optional.of(new Location.OnHub(id))
        : Optional.empty();
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
