package dev.hlotune.trainer.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.pjrt.web.WebSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Where an MLflow server is and what it calls a run, by the environment variables of MLflow's own
 * client.
 *
 * @param server without a slash at the end
 * @param authorization the header that gives access, where it takes one
 * @param experiment name of the experiment; made where it is missing
 * @param runName name of the run
 * @param runId an existing run to add to
 * @param tags further tags
 * @param web proxies and certificates
 */
record MlflowSettings(
    URI server,
    Optional<String> authorization,
    String experiment,
    String runName,
    Optional<String> runId,
    Map<String, String> tags,
    WebSettings web) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String SERVER = "MLFLOW_TRACKING_URI";
  private static final String TAGS = "MLFLOW_TAGS";

  MlflowSettings {
    tags = Map.copyOf(tags);
  }

  /**
   * The settings of an environment.
   *
   * @param name of the run
   * @throws ConfigException if it names no server
   */
  static MlflowSettings of(Map<String, String> environment, String name) {
    return new MlflowSettings(
        server(set(environment, SERVER)),
        set(environment, "MLFLOW_TRACKING_TOKEN")
            .map(token -> "Bearer " + token)
            .or(() -> user(environment)),
        set(environment, "MLFLOW_EXPERIMENT_NAME").orElse("hlotune"),
        name,
        set(environment, "MLFLOW_RUN_ID"),
        set(environment, TAGS).map(MlflowSettings::tags).orElse(Map.of()),
        new WebSettings(
            WebSettings.certificates(
                environment, set(environment, "MLFLOW_TRACKING_SERVER_CERT_PATH")),
            Optional.empty(),
            TIMEOUT));
  }

  private static Optional<String> user(Map<String, String> environment) {
    return set(environment, "MLFLOW_TRACKING_USERNAME")
        .map(user -> user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", ""))
        .map(both ->
            "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
  }

  private static URI server(Optional<String> address) {
    try {
      URI server = URI.create(address.orElse("").replaceFirst("/+$", ""));
      if (server.getHost() != null
          && ("http".equals(server.getScheme()) || "https".equals(server.getScheme()))) {
        return server;
      }
    } catch (IllegalArgumentException unreadable) {
      // It is no address: said below.
    }
    throw ConfigException.of(
        "'report_to': expected the address of an MLflow server in %s, such as 'http://localhost:5000', beside 'mlflow', got %s"
            .formatted(SERVER, address.map(text -> "'" + text + "'").orElse("none")));
  }

  private static Map<String, String> tags(String text) {
    try {
      return new JsonMapper().readValue(text, new TypeReference<Map<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw ConfigException.of(
          "'%s': expected a JSON object of texts, got '%s'".formatted(TAGS, text));
    }
  }

  private static Optional<String> set(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }
}
