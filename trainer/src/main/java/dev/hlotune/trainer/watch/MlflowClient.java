package dev.hlotune.trainer.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.pjrt.web.Patience;
import dev.hlotune.pjrt.web.Web;
import dev.hlotune.pjrt.web.WebAnswer;
import dev.hlotune.pjrt.web.WebRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Talks to an MLflow server by its REST API, version 2.0. */
final class MlflowClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int NOT_FOUND = 404;
  private static final int OK = 200;
  private static final int SHOWN = 200;

  private final MlflowSettings settings;
  private final Web web;
  private final Patience patience;
  private final Map<String, String> own;

  /**
   * A client.
   *
   * @param environment for proxies
   * @throws ConfigException if the certificates cannot be read
   */
  MlflowClient(MlflowSettings settings, Map<String, String> environment) {
    this.settings = settings;
    this.patience =
        new Patience(
            3, Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5), Thread::sleep);
    this.own =
        settings.authorization().map(value -> Map.of("Authorization", value)).orElse(Map.of());
    try {
      this.web = new Web(settings.web(), environment);
    } catch (IOException unreadable) {
      throw ConfigException.of(String.valueOf(unreadable.getMessage()));
    }
  }

  /** The id of the experiment of that name, which is made where it is missing. */
  String experiment(String name) throws IOException, InterruptedException {
    String query =
        "experiments/get-by-name?experiment_name="
            + URLEncoder.encode(name, StandardCharsets.UTF_8);
    WebRequest request = WebRequest.get(address(query), Map.of(), own);
    try (WebAnswer answer = send(request)) {
      if (answer.status() != NOT_FOUND) {
        return json(request, answer).path("experiment").path("experiment_id").asText();
      }
    }
    return post("experiments/create", Map.of("name", name)).path("experiment_id").asText();
  }

  /** Sends something; gives the answer. */
  JsonNode post(String what, Map<String, ?> body) throws IOException, InterruptedException {
    WebRequest request =
        WebRequest.post(
            address(what),
            JSON.writeValueAsBytes(body),
            Map.of("Content-Type", "application/json"),
            own);
    try (WebAnswer answer = send(request)) {
      return json(request, answer);
    }
  }

  private URI address(String what) {
    return URI.create(settings.server() + "/api/2.0/mlflow/" + what);
  }

  private WebAnswer send(WebRequest request) throws IOException, InterruptedException {
    try {
      return web.send(request, patience);
    } catch (IOException e) {
      throw new IOException(
          "expected an answer of '%s', got '%s'"
              .formatted(Web.withoutUser(settings.server()), Web.reason(e)),
          e);
    }
  }

  private JsonNode json(WebRequest request, WebAnswer answer) throws IOException {
    String text = answer.text();
    if (answer.status() != OK) {
      throw new IOException(
          "expected status 200 of '%s', got %d: %s"
              .formatted(
                  request,
                  answer.status(),
                  text.length() > SHOWN ? text.substring(0, SHOWN) : text));
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException("expected JSON of '%s', got something else".formatted(request), e);
    }
  }

  @Override
  public void close() {
    web.close();
  }
}
