package dev.hlotune.trainer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.loop.RunEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MlflowTest {
  private static Mlflow tracker(FakeMlflow server) {
    return new Mlflow(server.settings(), new MlflowClient(server.settings(), Map.of()));
  }

  @Test
  void aRunIsParametersTagsMetricsAndAnEnd() throws Exception {
    try (FakeMlflow server = new FakeMlflow()) {
      Mlflow tracker = tracker(server);
      tracker.take(Told.whole());
      tracker.close();
      assertEquals(
          List.of(
              "experiments/get-by-name Bearer secret",
              "experiments/create Bearer secret",
              "runs/create Bearer secret",
              "runs/log-batch Bearer secret",
              "runs/log-batch Bearer secret",
              "runs/log-batch Bearer secret",
              "runs/update Bearer secret"),
          server.asked());
      List<String> params = new ArrayList<>();
      server
          .batches()
          .getFirst()
          .get("params")
          .forEach(pair ->
              params.add(pair.get("key").textValue() + "=" + pair.get("value").textValue()));
      assertEquals(
          List.of(
              "learning_rate=3.0E-4",
              "packing=true",
              "model_name_or_path=a|b",
              "datasets=[{\"path\":\"x\"}]"),
          params);
      assertTrue(server.batches().get(1).get("tags").toString().contains("\"hash.data\""));
      assertEquals(List.of("1=1.0", "2=0.5", "3=0.3333333333333333"), server.metric("loss"));
      assertEquals(List.of("3=0.25"), server.metric("eval_loss"));
      assertEquals(List.of("3=6.0"), server.metric("train_samples_per_second"));
      JsonNode end = server.batches().getLast();
      assertEquals("FINISHED", end.get("status").textValue());
      assertEquals("r1", end.get("run_id").textValue());
      assertEquals(1_700_000_007_250L, end.get("end_time").longValue());
    }
  }

  @Test
  void whatAServerRefusesIsKeptAndSentLater() throws Exception {
    try (FakeMlflow server = new FakeMlflow()) {
      Mlflow tracker = tracker(server);
      List<Moment> moments = Told.whole();
      server.fail(400);
      IOException refused =
          assertThrows(IOException.class, () -> tracker.take(moments.subList(0, 2)));
      assertTrue(
          String.valueOf(refused.getMessage())
              .matches("expected status 200 of 'GET http://.*', got 400: .*NOT_NOW.*"),
          refused.getMessage());
      server.fail(200);
      tracker.take(moments.subList(2, 3));
      server.fail(403);
      assertThrows(IOException.class, () -> tracker.take(moments.subList(3, 4)));
      server.fail(200);
      tracker.take(moments.subList(4, moments.size()));
      tracker.close();
      assertEquals(List.of("1=1.0", "2=0.5", "3=0.3333333333333333"), server.metric("loss"));
      assertEquals(
          1, server.asked().stream().filter(what -> what.startsWith("runs/create")).count());
    }
  }

  /** A batch takes a thousand figures, and an epoch of lines may wait for a server. */
  @Test
  void manyFiguresGoInBatches() throws Exception {
    try (FakeMlflow server = new FakeMlflow()) {
      Mlflow tracker = tracker(server);
      List<Moment> moments = new ArrayList<>(Told.whole().subList(0, 1));
      for (int i = 1; i <= 500; i++) {
        moments.add(new Moment(Instant.EPOCH, new RunEvent.Evaluated(i, i, 1)));
      }
      for (int i = 1; i <= 120; i++) {
        moments.add(new Moment(Instant.EPOCH, Told.step(i)));
      }
      tracker.take(moments);
      tracker.close();
      assertEquals(500, server.metric("eval_loss").size());
      assertEquals(120, server.metric("loss").size());
      List<Integer> sizes =
          server.batches().stream()
              .map(batch -> batch.path("metrics").size())
              .filter(n -> n > 0)
              .toList();
      assertTrue(sizes.stream().allMatch(n -> n <= 1000), sizes.toString());
      assertEquals(sizes.size(), (sizes.stream().mapToInt(n -> n).sum() + 999) / 1000);
      assertEquals(
          "FAILED", server.batches().getLast().get("status").textValue(), "it never ended");
    }
  }

  @Test
  void aServerMustBeNamed() {
    for (String address : List.of("", "mlruns", "file:///tmp/mlruns", "http://")) {
      ConfigException refused =
          assertThrows(
              ConfigException.class,
              () -> MlflowSettings.of(Map.of("MLFLOW_TRACKING_URI", address), "x"));
      assertTrue(
          String.valueOf(refused.getMessage())
              .contains(
                  "'report_to': expected the address of an MLflow server in MLFLOW_TRACKING_URI"),
          refused.getMessage());
    }
  }
}
