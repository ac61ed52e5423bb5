package dev.hlotune.trainer.hub;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A repository of the hub.
 *
 * @param kind what is in it
 * @param id {@code owner/name}, or {@code name} alone
 */
record Repository(Kind kind, String id) {

  /** What a repository is of. */
  enum Kind {
    MODEL("model", "models", ""),
    DATASET("data set", "datasets", "datasets/");

    private final String shown;
    private final String plural;
    private final String prefix;

    Kind(String shown, String plural, String prefix) {
      this.shown = shown;
      this.plural = plural;
      this.prefix = prefix;
    }

    /** As messages say it. */
    String shown() {
      return shown;
    }
  }

  /** Its folder in the cache. */
  String folder() {
    return kind.plural + "--" + id.replace("/", "--");
  }

  /** Its page, below the endpoint. */
  String page() {
    return "/" + kind.prefix + id;
  }

  /** What the hub's interface says of a revision, below the endpoint. */
  String revision(String revision) {
    return "/api/" + kind.plural + "/" + id + "/revision/" + quoted(revision);
  }

  /** The files of a commit, below the endpoint. */
  String tree(String commit) {
    return "/api/" + kind.plural + "/" + id + "/tree/" + quoted(commit) + "?recursive=true";
  }

  /** The bytes of a file of a commit, below the endpoint. */
  String file(String commit, String path) {
    return page()
        + "/resolve/"
        + quoted(commit)
        + "/"
        + Arrays.stream(path.split("/", -1))
            .map(Repository::quoted)
            .collect(Collectors.joining("/"));
  }

  /** One part of a path, with all that is special in an address written as its bytes. */
  private static String quoted(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }
}
