package dev.hlotune.trainer.watch;

import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunManifest;
import dev.hlotune.trainer.loop.RunSummary;
import dev.hlotune.trainer.loop.StepMetrics;
import dev.hlotune.trainer.loop.StepTelemetry;
import dev.hlotune.trainer.loop.TrainResults;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run of three updates tells. */
final class Told {
  private static final Instant START = Instant.ofEpochSecond(1_700_000_000L, 250_000_000);

  private Told() {}

  static RunEvent.Described described() {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("learning_rate", 3e-4);
    config.put("packing", true);
    config.put("model_name_or_path", "a|b");
    config.put("datasets", List.of(Map.of("path", "x")));
    return new RunEvent.Described(
        new RunManifest(
            Map.of("hlotune", "0.1.0"), config, Map.of("data", "abc"), Map.of("platform", "cpu")));
  }

  static RunEvent.Stepped step(int step) {
    return new RunEvent.Stepped(
        new StepMetrics(
            step,
            step / 3.0,
            1.0 / step,
            step == 3 ? 0.25 : null,
            1.5,
            3e-4,
            1000L * step,
            500L * step,
            5000,
            0.01,
            80,
            0,
            new StepTelemetry(12.5, 0.5, 0, 0, 0, 0, 0, 1 << 20, 1 << 21, 7e9 * step, 0.4),
            Map.of()),
        3,
        true);
  }

  static RunEvent.Sampled sampled() {
    return new RunEvent.Sampled(3, List.of(new RunEvent.Sample("a|b?", "`yes`\nno", "yes", false)));
  }

  static RunEvent.Ended ended(RunSummary.Outcome outcome) {
    return new RunEvent.Ended(
        new RunSummary(
            outcome,
            3,
            3,
            0,
            0.6,
            Optional.of(0.25),
            Optional.empty(),
            10,
            3000,
            0,
            new TrainResults(1, 2.1e10, 0.6, 10, 60, 3),
            Path.of("runs/x")));
  }

  /** All of it, a second apart. */
  static List<Moment> whole() {
    List<RunEvent> events =
        List.of(
            described(),
            step(1),
            step(2),
            step(3),
            new RunEvent.Evaluated(3, 0.25, 100),
            new RunEvent.Answered(3, new RunSummary.ExactMatch(3, 4)),
            sampled(),
            ended(RunSummary.Outcome.DONE));
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      moments.add(new Moment(START.plusSeconds(i), events.get(i)));
    }
    return moments;
  }
}
