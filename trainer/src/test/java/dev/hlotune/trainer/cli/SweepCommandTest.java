package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.loop.RunSummary;
import dev.hlotune.trainer.loop.TrainResults;
import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.sweep.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SweepCommandTest {
  @TempDir Path folder;
  private final Captured captured = Captured.plain();
  private final StopSignal signal = new StopSignal(captured.console(), _ -> {});

  private int run(Sweep.Training training, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(new TinyRun(folder).options());
    int rate = arguments.indexOf("--learning_rate");
    arguments.subList(rate, rate + 2).clear();
    arguments.addAll(List.of(more));
    return SweepCommand.line(captured.console(), training, () -> signal)
        .execute(arguments.toArray(String[]::new));
  }

  /** Leaves the curves that a run would. */
  private static RunSummary train(SftConfig config, RunSummary.Outcome outcome) throws IOException {
    Path directory = Files.createDirectories(config.output().directory());
    Files.writeString(
        directory.resolve("metrics.jsonl"),
        "{\"step\": 4, \"loss\": 2.5}\n{\"step\": 8, \"loss\": %s}\n"
            .formatted(config.schedule().learningRate()));
    return new RunSummary(
        outcome,
        8,
        8,
        0,
        1,
        Optional.empty(),
        Optional.empty(),
        1.5,
        100,
        0,
        new TrainResults(0, 0, 0, 0, 0, 0),
        directory);
  }

  @Test
  void printsTheTableAndWhereThePlotsAre() throws IOException {
    int code =
        run(
            (config, _, _) -> train(config, RunSummary.Outcome.DONE),
            "--grid",
            "learning_rate=0.5,0.25",
            "--grid=seed=7");
    assertEquals(0, code, captured.err());
    String out = captured.out().replace(folder.toString(), "");
    assertEquals(
        """
        point 1 of 2: learning_rate=0.5,seed=7

        point 2 of 2: learning_rate=0.25,seed=7

        learning_rate  seed  updates  train NLL  compiled  seconds  state
        0.5            7     8        0.5000               1.5      done
        0.25           7     8        0.2500               1.5      done, best

        table and plots: /out/sweep.html
        """,
        out);
  }

  @Test
  void programsReadJsonAlone() throws IOException {
    assertEquals(
        0,
        run(
            (config, _, _) -> train(config, RunSummary.Outcome.DONE),
            "--grid",
            "learning_rate=0.5,0.25",
            "--json"));
    JsonNode json = new JsonMapper().readTree(captured.out());
    assertEquals("learning_rate=0.25", json.get("best").asText());
    assertEquals(0.5, json.get("points").get(0).get("train_loss").asDouble());
  }

  @Test
  void aDryRunListsThePoints() throws IOException {
    Sweep.Training none =
        (_, _, _) -> {
          throw new IllegalStateException("run");
        };
    assertEquals(0, run(none, "--grid", "learning_rate=0.5,0.25", "--dry-run"), captured.err());
    assertEquals(
        """
        waiting     /out/learning_rate=0.5
        waiting     /out/learning_rate=0.25
        """,
        captured.out().replace(folder.toString(), ""));
    assertFalse(Files.exists(folder.resolve("out")));
  }

  @Test
  void theCodeSaysHowItEnded() throws IOException {
    Sweep.Training failing =
        (config, _, _) -> {
          if (config.schedule().learningRate() == 0.5) {
            throw new DataException(Path.of("x.jsonl"), "expected data, got none");
          }
          return train(config, RunSummary.Outcome.DONE);
        };
    assertEquals(3, outcome(failing, "0.5,0.25"));
    assertTrue(captured.out().contains("learning_rate=0.5: "), captured.out());
    assertEquals(6, outcome((config, _, _) -> train(config, RunSummary.Outcome.DIVERGED), "1,2"));
    assertEquals(
        130,
        outcome(
            (config, _, stop) -> {
              stop.set(true);
              return train(config, RunSummary.Outcome.INTERRUPTED);
            },
            "3,4"));
  }

  private int outcome(Sweep.Training training, String rates) throws IOException {
    return run(training, "--grid", "learning_rate=" + rates);
  }

  @Test
  void whatIsWrongIsSaidAtOnce() {
    assertEquals(2, Main.run(captured.console(), "sweep", "--grid", "lerning_rate=1"));
    assertTrue(
        captured
            .err()
            .contains(
                "--grid lerning_rate: 'lerning_rate': expected a known key, got an unknown one; did you mean 'learning_rate'?"),
        captured.err());
    assertTrue(captured.err().contains("model_name_or_path"), captured.err());
  }
}
