package dev.hlotune.trainer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Repository;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What trackers write, read by the packages that it is meant for: TensorBoard's reader, {@code
 * wandb sync}, and an MLflow server. Needs a Python that has them, which the environment variable
 * {@code HLOTUNE_PYTHON} names; what it lacks is skipped.
 */
final class TrackersInPythonTest {
  @TempDir Path folder;

  private static String python(String module) throws Exception {
    String python = System.getenv("HLOTUNE_PYTHON");
    assumeTrue(python != null, "needs HLOTUNE_PYTHON, a Python with " + module);
    Process process =
        new ProcessBuilder(
                python,
                "-c",
                "import importlib.util as u, sys; sys.exit(u.find_spec('" + module + "') is None)")
            .start();
    assumeTrue(process.waitFor() == 0, "the Python of HLOTUNE_PYTHON has no " + module);
    return python;
  }

  @Test
  void tensorBoardReadsTheEventFiles() throws Exception {
    String python = python("tensorboard");
    Path logs = folder.resolve("tensorboard");
    TensorBoard first = new TensorBoard(logs, "host");
    first.take(Told.whole());
    first.close();
    // A run that goes on from its second update: what the first file has from there on is gone.
    List<Moment> again = new ArrayList<>();
    for (Moment moment : Told.whole()) {
      again.add(new Moment(moment.time().plusSeconds(100), moment.event()));
    }
    again.remove(1);
    TensorBoard second = new TensorBoard(logs, "host");
    second.take(again.subList(0, 2));
    second.close();

    JsonNode seen = json(List.of(python, script("check_events.py"), logs.toString()));
    JsonNode losses = seen.get("scalars").get("train/loss");
    assertEquals("[[1,1.0],[2,0.5]]", losses.toString());
    assertTrue(
        seen.get("scalars").get("eval/loss") == null
            || seen.get("scalars").get("eval/loss").isEmpty(),
        seen.toString());
    assertTrue(
        seen.get("texts").get("config/text_summary").get(0).textValue().contains("learning_rate"));
  }

  @Test
  void wandbUploadsTheOfflineRun() throws Exception {
    String python = python("wandb");
    Path run = WandbTest.write(folder);
    try (FakeWandb server = new FakeWandb()) {
      ProcessBuilder sync =
          new ProcessBuilder(python, "-m", "wandb", "sync", run.toString())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("said").toFile());
      sync.environment().put("WANDB_BASE_URL", server.address());
      sync.environment().put("WANDB_API_KEY", "0123456789".repeat(4));
      sync.environment().put("WANDB_ERROR_REPORTING", "false");
      Process process = sync.start();
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "no end");
      String said = Files.readString(folder.resolve("said"));
      assertEquals(0, process.exitValue(), said);
      JsonNode upsert = server.upserts().getFirst();
      assertEquals("abcd1234", upsert.get("name").textValue(), upsert.toString());
      assertEquals("words", upsert.get("project").textValue());
      assertEquals("first run", upsert.get("displayName").textValue());
      assertEquals("[\"a\",\"b\"]", upsert.get("tags").toString());
      JsonNode config = new JsonMapper().readTree(upsert.get("config").textValue());
      assertEquals(3e-4, config.get("learning_rate").get("value").doubleValue());
      List<JsonNode> history = server.history();
      assertEquals(3, history.size(), history.toString());
      assertEquals(0.5, history.get(1).get("train/loss").doubleValue());
      assertEquals(0.25, history.get(2).get("eval/loss").doubleValue());
      assertEquals(0.6, server.summary().get("train/train_loss").doubleValue());
    }
  }

  @Test
  void aRealServerTakesTheRun() throws Exception {
    String python = python("mlflow");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String address = "http://127.0.0.1:" + port;
    Process server =
        new ProcessBuilder(
                python,
                "-m",
                "mlflow",
                "server",
                "--backend-store-uri",
                "sqlite:///" + folder.resolve("mlflow.db"),
                "--default-artifact-root",
                folder.resolve("artifacts").toString(),
                "--workers",
                "1",
                "--port",
                Integer.toString(port))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    try (HttpClient http = HttpClient.newHttpClient()) {
      awaitHealth(http, address, server);
      MlflowSettings settings =
          MlflowSettings.of(
              Map.of(
                  "MLFLOW_TRACKING_URI", address,
                  "MLFLOW_EXPERIMENT_NAME", "words & more",
                  "MLFLOW_TAGS", "{\"team\": \"a\"}"),
              "first run");
      Mlflow tracker = new Mlflow(settings, new MlflowClient(settings, Map.of()));
      tracker.take(Told.whole());
      tracker.close();

      String found =
          ask(
              http,
              address
                  + "/api/2.0/mlflow/experiments/get-by-name?experiment_name=words%20%26%20more");
      String experiment =
          new JsonMapper().readTree(found).path("experiment").path("experiment_id").asText();
      HttpRequest search =
          HttpRequest.newBuilder(URI.create(address + "/api/2.0/mlflow/runs/search"))
              .header("Content-Type", "application/json")
              .POST(
                  HttpRequest.BodyPublishers.ofString(
                      "{\"experiment_ids\": [\"" + experiment + "\"]}"))
              .build();
      JsonNode runs =
          new JsonMapper()
              .readTree(http.send(search, HttpResponse.BodyHandlers.ofString()).body())
              .path("runs");
      assertEquals(1, runs.size(), runs.toString());
      JsonNode run = runs.get(0);
      assertEquals("FINISHED", run.path("info").path("status").asText());
      assertEquals("first run", run.path("info").path("run_name").asText());
      Map<String, String> params = pairs(run.path("data").path("params"));
      assertEquals("3.0E-4", params.get("learning_rate"));
      assertEquals("a", pairs(run.path("data").path("tags")).get("team"));
      JsonNode losses =
          new JsonMapper()
              .readTree(
                  ask(
                      http,
                      address
                          + "/api/2.0/mlflow/metrics/get-history?metric_key=loss&run_id="
                          + run.path("info").path("run_id").asText()))
              .path("metrics");
      assertEquals(3, losses.size());
      assertEquals(0.5, losses.get(1).get("value").doubleValue());
      assertEquals(2, losses.get(1).get("step").asInt());
    } finally {
      server.descendants().forEach(ProcessHandle::destroy);
      server.destroy();
      server.waitFor();
    }
  }

  private static Map<String, String> pairs(JsonNode list) {
    Map<String, String> pairs = new java.util.HashMap<>();
    list.forEach(pair -> pairs.put(pair.get("key").textValue(), pair.get("value").textValue()));
    return pairs;
  }

  private void awaitHealth(HttpClient http, String address, Process server) throws Exception {
    for (int i = 0; i < 600; i++) {
      assertTrue(server.isAlive(), () -> said());
      try {
        if (ask(http, address + "/health").equals("OK")) {
          return;
        }
      } catch (IOException notYet) {
        Thread.sleep(200);
      }
    }
    throw new AssertionError(said());
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("said"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static String ask(HttpClient http, String address) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String script(String name) {
    return Repository.root().resolve("tools").resolve(name).toString();
  }

  private static JsonNode json(List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    byte[] said = process.getInputStream().readAllBytes();
    assertEquals(0, process.waitFor());
    return new JsonMapper().readTree(said);
  }
}
