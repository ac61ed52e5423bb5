package dev.hlotune.trainer.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.pjrt.web.Download;
import dev.hlotune.pjrt.web.Patience;
import dev.hlotune.pjrt.web.WantedFile;
import dev.hlotune.pjrt.web.Web;
import dev.hlotune.pjrt.web.WebAnswer;
import dev.hlotune.pjrt.web.WebRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the hub. */
final class HubClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Pattern NEXT_PAGE = Pattern.compile("<([^>]*)>\\s*;[^,]*rel=\"?next\"?");

  /** What a mirror answers that knows of no such question. */
  private static final Set<Integer> NO_SUCH_QUESTION = Set.of(404, 405, 501);

  private final HubSettings settings;
  private final Web web;
  private final Patience patience;
  private final HubErrors errors;
  private final Map<String, String> own;

  /**
   * A client.
   *
   * @param environment for proxies
   * @throws ConfigException if the certificates cannot be read
   */
  HubClient(HubSettings settings, Map<String, String> environment, Patience patience) {
    this.settings = settings;
    this.patience = patience;
    this.errors = new HubErrors(settings);
    this.own =
        settings
            .token()
            .map(token -> Map.of("Authorization", "Bearer " + token.value()))
            .orElse(Map.of());
    try {
      this.web = new Web(settings.web(), environment);
    } catch (IOException unreadable) {
      throw ConfigException.of(String.valueOf(unreadable.getMessage()));
    }
  }

  /**
   * What a revision stands for.
   *
   * @param commit 40 hexadecimal digits
   * @param names all files, for a hub that answers nothing better
   */
  record Revision(String commit, List<String> names) {}

  /**
   * Asks what a branch, tag or commit stands for; empty where the repository has none of that name.
   */
  Optional<Revision> revision(Repository repository, String revision) throws InterruptedException {
    try {
      Reply reply = ask(repository.revision(revision));
      if (reply.answer().firstHeader("X-Error-Code").equals(Optional.of("RevisionNotFound"))) {
        return Optional.empty();
      }
      if (reply.answer().status() != 200) {
        throw errors.refused(repository, revision, "", reply.answer());
      }
      JsonNode json = json(repository, reply);
      String commit = json.path("sha").asText();
      if (!COMMIT.matcher(commit).matches()) {
        throw errors.unreadable(repository, "the commit", "'" + commit + "'");
      }
      List<String> names = new ArrayList<>();
      json.path("siblings").forEach(sibling -> names.add(sibling.path("rfilename").asText()));
      return Optional.of(new Revision(commit, names));
    } catch (IOException failure) {
      throw errors.unreachable(failure);
    }
  }

  /** Lists the files of a commit; empty where the hub is a mirror that cannot. */
  Optional<List<RemoteFile>> tree(Repository repository, String commit)
      throws InterruptedException {
    List<RemoteFile> files = new ArrayList<>();
    Optional<String> page = Optional.of(repository.tree(commit));
    try {
      while (page.isPresent()) {
        Reply reply = ask(page.get());
        int status = reply.answer().status();
        if (files.isEmpty() && NO_SUCH_QUESTION.contains(status)) {
          return Optional.empty();
        }
        if (status != 200) {
          throw errors.refused(repository, commit, "", reply.answer());
        }
        for (JsonNode entry : json(repository, reply)) {
          if (entry.path("type").asText().equals("file")) {
            files.add(file(entry));
          }
        }
        page = reply.answer().header("Link").flatMap(link -> nextPage(repository, link));
      }
    } catch (IOException failure) {
      throw errors.unreachable(failure);
    }
    return Optional.of(files);
  }

  private static RemoteFile file(JsonNode entry) {
    JsonNode large = entry.path("lfs");
    return new RemoteFile(
        entry.path("path").asText(),
        large.path("size").asLong(entry.path("size").asLong(-1)),
        entry.path("oid").asText(),
        Optional.ofNullable(large.path("oid").textValue()),
        Optional.ofNullable(entry.path("xetHash").textValue())
            .filter(hash -> hash.matches("[0-9a-f]{64}")));
  }

  /** The part below the endpoint: a mirror passes on the addresses of the hub behind it. */
  private Optional<String> nextPage(Repository repository, String link) {
    Matcher next = NEXT_PAGE.matcher(link);
    if (!next.find()) {
      return Optional.empty();
    }
    int below = next.group(1).indexOf("/api/");
    if (below < 0) {
      throw errors.unreadable(repository, "the next page of the files", "'" + link + "'");
    }
    String path = next.group(1);
    return Optional.of(
        path.startsWith(settings.endpoint() + "/")
            ? path.substring(settings.endpoint().length())
            : path.substring(below));
  }

  /** Asks for the checksum and size of a file of which only the name is known. */
  RemoteFile tagged(Repository repository, String commit, RemoteFile file)
      throws InterruptedException {
    WebRequest request =
        WebRequest.head(
            URI.create(settings.endpoint() + repository.file(commit, file.path())),
            Map.of("Accept-Encoding", "identity"),
            own);
    try (WebAnswer answer = web.send(request, patience)) {
      // A redirect away from the hub is the answer: it says what it leads to.
      if (answer.status() != 200 && answer.status() / 100 != 3) {
        throw errors.refused(repository, commit, file.path(), answer);
      }
      String etag =
          answer
              .firstHeader("X-Linked-Etag")
              .or(() -> answer.header("ETag"))
              .orElse("")
              .replaceFirst("^W/", "")
              .replace("\"", "");
      String size =
          answer
              .firstHeader("X-Linked-Size")
              .or(() -> answer.status() == 200 ? answer.header("Content-Length") : Optional.empty())
              .orElse("-1");
      RemoteFile tagged =
          RemoteFile.tagged(
              file.path(), size.matches("\\d{1,18}") ? Long.parseLong(size) : -1, etag);
      if (!tagged.isKnown()) {
        throw errors.unreadable(repository, "the checksum of '" + file.path() + "'", "none");
      }
      return tagged;
    } catch (IOException failure) {
      throw errors.unreachable(failure);
    }
  }

  /** Fetches the bytes of a file into {@code part}, which may hold the beginning of them. */
  void download(
      Repository repository, String commit, RemoteFile file, Path part, Download.Listener listener)
      throws IOException, InterruptedException {
    WebRequest request =
        WebRequest.get(
            URI.create(settings.endpoint() + repository.file(commit, file.path())),
            Map.of("Accept-Encoding", "identity"),
            own);
    Download.fetch(
        web,
        new WantedFile(
            request,
            file.checksum(),
            file.size(),
            answer -> {
              throw errors.refused(repository, commit, file.path(), answer);
            }),
        part,
        patience,
        listener);
  }

  /** An answer, read. */
  private record Reply(WebAnswer answer, String text) {}

  private Reply ask(String below) throws IOException, InterruptedException {
    WebRequest request =
        WebRequest.get(
            URI.create(settings.endpoint() + below), Map.of("Accept", "application/json"), own);
    for (int attempt = 1; ; attempt++) {
      try (WebAnswer answer = web.send(request, patience)) {
        try {
          return new Reply(answer, answer.text());
        } catch (IOException cut) {
          if (!patience.wait(attempt, Optional.empty())) {
            throw cut;
          }
        }
      }
    }
  }

  private JsonNode json(Repository repository, Reply reply) {
    try {
      return JSON.readTree(reply.text());
    } catch (JsonProcessingException broken) {
      throw errors.unreadable(repository, "JSON", "something else");
    }
  }

  @Override
  public void close() {
    web.close();
  }
}
