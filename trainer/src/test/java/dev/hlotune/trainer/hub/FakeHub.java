package dev.hlotune.trainer.hub;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A stand-in for the Hugging Face hub on this machine: revisions, lists of files in pages, files,
 * and large ones behind a redirect to a second host, as the hub has them. It can be made to fail.
 */
public final class FakeHub implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PAGE = 3;

  /** One line for each request to the hub: method, path, and what else matters of it. */
  final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  /** As {@link #asked}, of the second host. */
  final List<String> askedElsewhere = Collections.synchronizedList(new ArrayList<>());

  /** The token that is asked for; empty lets everybody in. */
  volatile String token = "";

  /** Whether it says what a commit holds, with checksums, or is a mirror that does not. */
  volatile boolean listsTrees = true;

  /** Whether large files are on a second host. */
  volatile boolean redirects = true;

  /** Answers that are given before any other, for paths that match. */
  private final Map<Predicate<String>, Failure> failures = new LinkedHashMap<>();

  /** How often a file's answer is broken off in the middle, by its name. */
  final Map<String, AtomicInteger> cuts = new ConcurrentHashMap<>();

  /** How often a file comes with a wrong byte, by its name. */
  final Map<String, AtomicInteger> damages = new ConcurrentHashMap<>();

  /** What a file's answer waits for in its middle, by its name. */
  final Map<String, CountDownLatch> stalls = new ConcurrentHashMap<>();

  private final Map<String, Content> contents = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer hub;
  private final HttpServer elsewhere;

  private record Failure(int status, Map<String, String> headers, AtomicInteger times) {}

  private static final class File {
    private final byte[] bytes;
    private final boolean large;

    File(byte[] bytes, boolean large) {
      this.bytes = bytes;
      this.large = large;
    }

    String etag() {
      return large ? sha256(bytes) : gitBlob(bytes);
    }
  }

  /** A repository at one commit. */
  private record Content(String commit, Map<String, File> files) {}

  /** Opens it; it is empty. */
  public FakeHub() {
    try {
      hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      elsewhere = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    hub.createContext("/", exchange -> log(asked, exchange, this::answer));
    elsewhere.createContext("/", exchange -> log(askedElsewhere, exchange, this::answerElsewhere));
    for (HttpServer server : List.of(hub, elsewhere)) {
      server.setExecutor(threads);
      server.start();
    }
  }

  /** Its address. */
  public String endpoint() {
    return "http://127.0.0.1:" + hub.getAddress().getPort();
  }

  /** An environment that names it, with its cache under a folder. */
  public Map<String, String> environment(Path home) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("HF_ENDPOINT", endpoint());
    environment.put("HF_HOME", home.toString());
    environment.put("HOME", home.toString());
    return environment;
  }

  /** Adds a model of small files; those named {@code *.safetensors} are large ones. */
  public void model(String id, Map<String, byte[]> files) {
    put("models/" + id, "main", "a".repeat(40), files);
  }

  /** Adds a data set of texts; those named {@code *.parquet} are large files. */
  void dataset(String id, Map<String, String> files) {
    Map<String, byte[]> bytes = new LinkedHashMap<>();
    files.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
    put("datasets/" + id, "main", "d".repeat(40), bytes);
  }

  /** Adds a repository, or a revision of one. */
  void put(String repository, String revision, String commit, Map<String, byte[]> files) {
    put(
        repository,
        revision,
        commit,
        files,
        files.keySet().stream().filter(FakeHub::isLarge).toList());
  }

  private static boolean isLarge(String name) {
    return name.endsWith(".safetensors") || name.endsWith(".parquet");
  }

  void put(
      String repository,
      String revision,
      String commit,
      Map<String, byte[]> files,
      List<String> large) {
    Map<String, File> all = new LinkedHashMap<>();
    files.forEach((name, bytes) -> all.put(name, new File(bytes, large.contains(name))));
    Content content = new Content(commit, all);
    contents.put(repository + "@" + revision, content);
    contents.put(repository + "@" + commit, content);
  }

  /** Makes the next requests for paths that match fail. */
  void fail(Predicate<String> path, int times, int status, Map<String, String> headers) {
    failures.put(path, new Failure(status, headers, new AtomicInteger(times)));
  }

  private interface Answer {
    void to(HttpExchange exchange, String path) throws IOException;
  }

  private static void log(List<String> log, HttpExchange exchange, Answer answer)
      throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      StringBuilder line = new StringBuilder(exchange.getRequestMethod()).append(' ').append(path);
      for (String name : List.of("Authorization", "Range")) {
        Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
            .ifPresent(value -> line.append(' ').append(value));
      }
      log.add(line.toString());
      answer.to(exchange, path);
    }
  }

  private void answer(HttpExchange exchange, String path) throws IOException {
    for (Map.Entry<Predicate<String>, Failure> entry : failures.entrySet()) {
      Failure failure = entry.getValue();
      if (entry.getKey().test(path) && failure.times().getAndDecrement() > 0) {
        failure.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, failure.status(), "{\"error\": \"failure\"}");
        return;
      }
    }
    if (!token.isEmpty()
        && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      refuse(exchange, 401, "RepoNotFound", "Repository not found");
    } else if (path.startsWith("/api/")) {
      api(exchange, path.substring("/api/".length()));
    } else {
      resolve(exchange, path.substring(1));
    }
  }

  private void api(HttpExchange exchange, String path) throws IOException {
    String[] revision = path.split("/revision/", 2);
    String[] tree = path.split("/tree/", 2);
    boolean asksForTree = tree.length == 2;
    String repository = asksForTree ? tree[0] : revision[0];
    String name = asksForTree ? tree[1] : revision.length == 2 ? revision[1] : "main";
    Content content = contents.get(repository + "@" + name);
    if (content == null) {
      boolean known = contents.keySet().stream().anyMatch(key -> key.startsWith(repository + "@"));
      refuse(exchange, 404, known ? "RevisionNotFound" : "RepoNotFound", "not found");
    } else if (asksForTree && listsTrees) {
      tree(exchange, path, content);
    } else if (asksForTree) {
      send(exchange, 404, "no such route");
    } else {
      ObjectNode info = JSON.createObjectNode().put("id", repository).put("sha", content.commit());
      ArrayNode siblings = info.putArray("siblings");
      content.files().keySet().forEach(file -> siblings.addObject().put("rfilename", file));
      send(exchange, 200, info.toString());
    }
  }

  /** A few files at a time, with the address of the next ones as a mirror gives it. */
  private void tree(HttpExchange exchange, String path, Content content) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    int from =
        query.contains("cursor=") ? Integer.parseInt(query.replaceFirst(".*cursor=", "")) : 0;
    ArrayNode page = JSON.createArrayNode();
    page.addObject().put("type", "directory").put("oid", "0".repeat(40)).put("path", "folder");
    content.files().entrySet().stream()
        .skip(from)
        .limit(PAGE)
        .forEach(entry -> {
          File file = entry.getValue();
          ObjectNode node =
              page.addObject()
                  .put("type", "file")
                  .put("oid", gitBlob(file.large ? pointer(file.bytes) : file.bytes))
                  .put("size", file.bytes.length)
                  .put("path", entry.getKey());
          if (file.large) {
            node.putObject("lfs")
                .put("oid", file.etag())
                .put("size", file.bytes.length)
                .put("pointerSize", 134);
          }
        });
    if (from + PAGE < content.files().size()) {
      exchange
          .getResponseHeaders()
          .set(
              "Link",
              "<https://hub.invalid/api/%s?recursive=true&cursor=%d>; rel=\"next\""
                  .formatted(path, from + PAGE));
    }
    send(exchange, 200, page.toString());
  }

  private void resolve(HttpExchange exchange, String path) throws IOException {
    String[] parts = path.split("/resolve/", 2);
    String repository = parts[0].startsWith("datasets/") ? parts[0] : "models/" + parts[0];
    String commit = parts.length == 2 ? parts[1].split("/", 2)[0] : "";
    Content content = contents.get(repository + "@" + commit);
    String name =
        parts.length == 2 && content != null ? parts[1].substring(commit.length() + 1) : "";
    File file = content == null ? null : content.files().get(name);
    if (file == null) {
      refuse(exchange, 404, content == null ? "RepoNotFound" : "EntryNotFound", "not found");
      return;
    }
    exchange.getResponseHeaders().set("X-Repo-Commit", commit);
    if (!file.large || !redirects) {
      exchange.getResponseHeaders().set("ETag", "\"" + file.etag() + "\"");
      bytes(exchange, name, file.bytes);
      return;
    }
    exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + file.etag() + "\"");
    exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(file.bytes.length));
    exchange
        .getResponseHeaders()
        .set(
            "Location",
            "http://127.0.0.1:"
                + elsewhere.getAddress().getPort()
                + "/"
                + file.etag()
                + "/"
                + name);
    send(exchange, 302, "");
  }

  private void answerElsewhere(HttpExchange exchange, String path) throws IOException {
    String[] parts = path.split("/", 3);
    for (Content content : contents.values()) {
      File file = content.files().get(parts[2]);
      if (file != null && file.etag().equals(parts[1])) {
        exchange.getResponseHeaders().set("ETag", "\"of-the-other-host\"");
        bytes(exchange, parts[2], file.bytes);
        return;
      }
    }
    send(exchange, 403, "expired");
  }

  private void bytes(HttpExchange exchange, String name, byte[] whole) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from =
        range == null ? 0 : Integer.parseInt(range.substring("bytes=".length()).replace("-", ""));
    byte[] rest = Arrays.copyOfRange(whole, from, whole.length);
    if (counted(damages, name) && rest.length > 0) {
      rest[0]++;
    }
    int status = range == null ? 200 : 206;
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, whole.length - 1, whole.length));
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", String.valueOf(rest.length));
      exchange.sendResponseHeaders(status, -1);
    } else if (counted(cuts, name)) {
      half(exchange, status, rest);
    } else if (stalls.containsKey(name)) {
      half(exchange, status, rest);
      try {
        stalls.get(name).await();
      } catch (InterruptedException closed) {
        Thread.currentThread().interrupt();
      }
    } else {
      send(exchange, status, rest);
    }
  }

  private static void half(HttpExchange exchange, int status, byte[] bytes) throws IOException {
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes, 0, bytes.length / 2);
    exchange.getResponseBody().flush();
  }

  private static boolean counted(Map<String, AtomicInteger> times, String name) {
    AtomicInteger left = times.get(name);
    return left != null && left.getAndDecrement() > 0;
  }

  private static void refuse(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    exchange.getResponseHeaders().set("X-Error-Code", code);
    exchange.getResponseHeaders().set("X-Error-Message", message);
    send(exchange, status, "");
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    send(exchange, status, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] bytes) throws IOException {
    boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
    if (!none) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  /** The name that git gives to bytes. */
  static String gitBlob(byte[] bytes) {
    byte[] header = ("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(header, header.length + bytes.length);
    System.arraycopy(bytes, 0, all, header.length, bytes.length);
    return hex("SHA-1", all);
  }

  /** The SHA-256 of bytes. */
  static String sha256(byte[] bytes) {
    return hex("SHA-256", bytes);
  }

  /** What stands for large bytes in git. */
  private static byte[] pointer(byte[] bytes) {
    return "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
        .formatted(hex("SHA-256", bytes), bytes.length)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static String hex(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    hub.stop(0);
    elsewhere.stop(0);
    threads.shutdownNow();
  }
}
