package dev.hlotune.trainer.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** As much of a Weights &amp; Biases server as {@code wandb sync} needs to upload a run. */
final class FakeWandb implements AutoCloseable {
  private static final String RUN =
      """
      {"data": {"upsertBucket": {"inserted": true, "bucket": {"id": "x", "name": "abcd1234",
       "displayName": "first run", "historyLineCount": 0,
       "project": {"id": "p", "name": "words", "entity": {"id": "e", "name": "team"}}}}}}
      """;
  private static final String FILES =
      """
      {"data": {"createRunFiles": {"runID": "x", "uploadHeaders": [], "files": []}}}
      """;
  private static final String VIEWER =
      """
      {"data": {"viewer": {"id": "v", "entity": "team", "username": "u", "flags": "{}",
       "teams": {"edges": []}}}}
      """;

  private final HttpServer server;
  private final List<JsonNode> upserts = Collections.synchronizedList(new ArrayList<>());
  private final List<JsonNode> streamed = Collections.synchronizedList(new ArrayList<>());

  FakeWandb() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String text = "{}";
    if (exchange.getRequestMethod().equals("POST")) {
      JsonNode body = body(exchange);
      String path = exchange.getRequestURI().getPath();
      if (path.endsWith("/file_stream")) {
        streamed.add(body);
      } else if (path.equals("/graphql")) {
        String query = body.path("query").asText();
        if (query.contains("upsertBucket")) {
          upserts.add(body.path("variables"));
        }
        text =
            query.contains("upsertBucket")
                ? RUN
                : query.contains("createRunFiles") ? FILES : VIEWER;
      }
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static JsonNode body(HttpExchange exchange) throws IOException {
    boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    try (InputStream in =
        packed ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody()) {
      byte[] bytes = in.readAllBytes();
      return new JsonMapper()
          .readTree(bytes.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : bytes);
    }
  }

  /** What runs were said to be. */
  List<JsonNode> upserts() {
    return List.copyOf(upserts);
  }

  /** The lines of history that were uploaded. */
  List<JsonNode> history() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (JsonNode part : List.copyOf(streamed)) {
      for (JsonNode line : part.path("files").path("wandb-history.jsonl").path("content")) {
        lines.add(new JsonMapper().readTree(line.textValue()));
      }
    }
    return lines;
  }

  /** The last summary that was uploaded. */
  JsonNode summary() throws IOException {
    JsonNode last = new JsonMapper().createObjectNode();
    for (JsonNode part : List.copyOf(streamed)) {
      for (JsonNode line : part.path("files").path("wandb-summary.json").path("content")) {
        last = new JsonMapper().readTree(line.textValue());
      }
    }
    return last;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
