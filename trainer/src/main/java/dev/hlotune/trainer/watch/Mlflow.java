package dev.hlotune.trainer.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunManifest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A run of an MLflow server: the configuration as parameters, versions and hashes as tags, figures
 * as metrics in batches.
 */
final class Mlflow implements Tracker {
  /** Limits of one call of {@code runs/log-batch}. */
  private static final int MOST_METRICS = 1_000;

  private static final int MOST_PARAMETERS = 100;

  /** The longest parameter and tag that every server of these days takes. */
  private static final int LONGEST = 5_000;

  /** Figures beyond these give way while the server cannot be reached, oldest first. */
  private static final int MOST_KEPT = 200_000;

  private static final JsonMapper JSON = new JsonMapper();

  private final MlflowSettings settings;
  private final MlflowClient client;
  private final Deque<Map<String, Object>> kept = new ArrayDeque<>();
  private final List<Map<String, Object>> describing = new ArrayList<>();
  private Instant start = Instant.EPOCH;
  private @Nullable RunManifest manifest;
  private Optional<String> run;
  private boolean begun;
  private boolean over;
  private Optional<Map<String, Object>> end = Optional.empty();
  private long lost;

  Mlflow(MlflowSettings settings, MlflowClient client) {
    this.settings = settings;
    this.client = client;
    this.run = settings.runId();
  }

  @Override
  public String name() {
    return "mlflow";
  }

  @Override
  public void take(List<Moment> moments) throws IOException, InterruptedException {
    for (Moment moment : moments) {
      if (moment.event() instanceof RunEvent.Described described) {
        start = moment.time();
        manifest = described.manifest();
      }
      keep(moment);
      if (moment.event() instanceof RunEvent.Ended ended) {
        end(
            switch (ended.summary().outcome()) {
              case DONE -> "FINISHED";
              case INTERRUPTED -> "KILLED";
              case DIVERGED -> "FAILED";
            },
            moment.time());
      }
    }
    deliver();
  }

  private void end(String status, Instant time) {
    over = true;
    end = Optional.of(Map.of("status", status, "end_time", time.toEpochMilli()));
  }

  private void keep(Moment moment) {
    Scalars scalars = Scalars.of(moment.event());
    scalars
        .values()
        .forEach((key, value) -> {
          if (kept.size() == MOST_KEPT) {
            kept.remove();
            lost++;
          }
          Map<String, Object> metric = new LinkedHashMap<>();
          metric.put("key", key);
          metric.put("value", value);
          metric.put("timestamp", moment.time().toEpochMilli());
          metric.put("step", scalars.step());
          kept.add(metric);
        });
  }

  private void deliver() throws IOException, InterruptedException {
    RunManifest what = manifest;
    if (what == null) {
      return;
    }
    if (!begun) {
      describe(what);
      begun = true;
    }
    String id = run.isPresent() ? run.get() : create();
    run = Optional.of(id);
    while (!describing.isEmpty()) {
      post(id, describing.getFirst());
      describing.removeFirst();
    }
    while (!kept.isEmpty()) {
      List<Map<String, Object>> batch = kept.stream().limit(MOST_METRICS).toList();
      post(id, Map.of("metrics", batch));
      batch.forEach(_ -> kept.remove());
    }
    if (end.isPresent()) {
      Map<String, Object> update = new LinkedHashMap<>(end.get());
      update.put("run_id", id);
      client.post("runs/update", update);
      end = Optional.empty();
    }
  }

  private void post(String id, Map<String, Object> what) throws IOException, InterruptedException {
    Map<String, Object> batch = new LinkedHashMap<>(what);
    batch.put("run_id", id);
    client.post("runs/log-batch", batch);
  }

  private String create() throws IOException, InterruptedException {
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("experiment_id", client.experiment(settings.experiment()));
    wanted.put("run_name", settings.runName());
    wanted.put("start_time", start.toEpochMilli());
    wanted.put("tags", List.of(pair("mlflow.source.name", "hlotune")));
    return client.post("runs/create", wanted).path("run").path("info").path("run_id").asText();
  }

  /** Parameters and tags, in as many calls as they need. */
  private void describe(RunManifest what) {
    List<Map<String, Object>> parameters = new ArrayList<>();
    what.config().forEach((key, value) -> parameters.add(pair(key, text(value))));
    for (int i = 0; i < parameters.size(); i += MOST_PARAMETERS) {
      describing.add(
          Map.of(
              "params", parameters.subList(i, Math.min(parameters.size(), i + MOST_PARAMETERS))));
    }
    List<Map<String, Object>> tags = new ArrayList<>();
    what.versions().forEach((key, value) -> tags.add(pair("version." + key, value)));
    what.hashes().forEach((key, value) -> tags.add(pair("hash." + key, value)));
    what.device().forEach((key, value) -> tags.add(pair("device." + key, text(value))));
    settings.tags().forEach((key, value) -> tags.add(pair(key, value)));
    for (int i = 0; i < tags.size(); i += MOST_PARAMETERS) {
      describing.add(Map.of("tags", tags.subList(i, Math.min(tags.size(), i + MOST_PARAMETERS))));
    }
  }

  private static Map<String, Object> pair(String key, String value) {
    return Map.of(
        "key", key, "value", value.length() > LONGEST ? value.substring(0, LONGEST) : value);
  }

  private static String text(Object value) {
    try {
      return value instanceof String plain ? plain : JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value that JSON does not have: " + value, e);
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    try (client) {
      if (!over) {
        // The run ended by an error, of which it says nothing here.
        end("FAILED", Instant.now());
      }
      deliver();
      if (lost > 0) {
        throw new IOException("%,d figures found no room and were lost".formatted(lost));
      }
    }
  }
}
