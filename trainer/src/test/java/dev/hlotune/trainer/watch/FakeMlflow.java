package dev.hlotune.trainer.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** An MLflow server of one run, which can be told to fail. */
final class FakeMlflow implements AutoCloseable {
  private final HttpServer server;
  private final List<JsonNode> batches = Collections.synchronizedList(new ArrayList<>());
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger status = new AtomicInteger(200);

  FakeMlflow() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/2.0/mlflow/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  MlflowSettings settings() {
    return MlflowSettings.of(
        Map.of("MLFLOW_TRACKING_URI", address() + "/", "MLFLOW_TRACKING_TOKEN", "secret"), "run");
  }

  /** What it answers everything with from now on. */
  void fail(int with) {
    status.set(with);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String what = exchange.getRequestURI().getPath().replace("/api/2.0/mlflow/", "");
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int code = status.get();
    String text = "{\"error_code\": \"NOT_NOW\"}";
    if (code == 200) {
      asked.add(
          what
              + " "
              + Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                  .orElse(""));
      if (what.equals("runs/log-batch") || what.equals("runs/update")) {
        batches.add(new JsonMapper().readTree(body));
      }
      text =
          switch (what) {
            case "experiments/create" -> "{\"experiment_id\": \"4\"}";
            case "runs/create" -> "{\"run\": {\"info\": {\"run_id\": \"r1\"}}}";
            default -> "{}";
          };
      code = what.equals("experiments/get-by-name") ? 404 : 200;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** What was asked for, each with its authorization. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  /** Everything logged, in order. */
  List<JsonNode> batches() {
    return List.copyOf(batches);
  }

  /** The values of a metric, as {@code step=value}. */
  List<String> metric(String key) {
    List<String> values = new ArrayList<>();
    for (JsonNode batch : batches()) {
      for (JsonNode metric : batch.path("metrics")) {
        if (metric.get("key").textValue().equals(key)) {
          values.add(metric.get("step") + "=" + metric.get("value"));
        }
      }
    }
    return values;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
