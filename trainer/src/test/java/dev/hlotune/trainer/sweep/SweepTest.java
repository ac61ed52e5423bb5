package dev.hlotune.trainer.sweep;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.configs.SweepRecipe;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.loop.SftRun;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SweepTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private final List<String> begun = new ArrayList<>();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private SweepRecipe recipe(List<String> grids, String... options) throws IOException {
    List<String> all = new ArrayList<>(tiny.options(options));
    if (grids.stream().anyMatch(grid -> grid.startsWith("learning_rate="))) {
      int rate = all.indexOf("--learning_rate");
      all.subList(rate, rate + 2).clear();
    }
    return SweepRecipe.read(all, grids);
  }

  private SweepReport run(SweepRecipe recipe) throws IOException {
    return run(recipe, SftRun::run, RunObserver.NONE, new AtomicBoolean()).report();
  }

  private Sweep.Outcome run(
      SweepRecipe recipe, Sweep.Training training, RunObserver observer, AtomicBoolean stop)
      throws IOException {
    begun.clear();
    long before = Handles.live();
    Sweep.Outcome outcome =
        Sweep.run(
            recipe,
            training,
            (point, number, count, state) -> {
              begun.add(number + "/" + count + " " + point.name() + " " + state.spelled());
              return observer;
            },
            stop);
    assertEquals(before, Handles.live(), "handles left open");
    return outcome;
  }

  private static List<PointState> states(SweepReport report) {
    return report.results().stream().map(PointResult::state).toList();
  }

  @Test
  void aGridOfRanksAndRatesIsCompiledOnce() throws IOException {
    SftRun.run(
        SftRecipe.read(tiny.options("max_steps", "1")).config(),
        RunObserver.NONE,
        new AtomicBoolean());
    SweepRecipe recipe =
        recipe(
            List.of("lora_r=1,3", "learning_rate=1e-3,0.1"),
            "model_name_or_path",
            tiny.path("out/final").toString(),
            "eval_dataset_name",
            tiny.path("heldout.jsonl").toString(),
            "eval_strategy",
            "steps",
            "eval_steps",
            "2",
            "use_peft",
            "true",
            "max_steps",
            "2",
            "cache_dir",
            tiny.path("cache").toString(), // An empty one, so that the first point has to compile.
            "output_dir",
            tiny.path("sweep").toString());
    SweepReport report = run(recipe);
    assertEquals(4, report.results().size());
    PointResult first = report.results().getFirst();
    assertEquals(2, first.programs(), "a step and an evaluation");
    assertEquals(2, first.compiled());
    for (PointResult later : report.results().subList(1, 4)) {
      assertEquals(PointState.DONE, later.state());
      assertEquals(2, later.programs(), later.point().name());
      assertEquals(0, later.compiled(), later.point().name());
    }
    // What the files say is what the runs measured.
    JsonNode json = new JsonMapper().readTree(tiny.path("sweep/sweep.json").toFile());
    double least = Double.POSITIVE_INFINITY;
    String best = "";
    for (JsonNode point : json.get("points")) {
      String name = point.get("name").asText();
      double[] losses = tiny.figures("sweep/" + name, "eval_loss");
      assertEquals(losses[losses.length - 1], point.get("eval_loss").asDouble());
      if (losses[losses.length - 1] < least) {
        least = losses[losses.length - 1];
        best = name;
      }
    }
    assertEquals(best, json.get("best").asText());
    assertEquals("[\"1\",\"3\"]", json.get("grid").get("lora_r").toString());
    String table = Files.readString(tiny.path("sweep/sweep.md"));
    assertTrue(table.contains("| 1 | 1e-3 | 2 | "), table);
    assertEquals(1, table.split("done, best", -1).length - 1, table);
    for (String plot : List.of("train-nll.svg", "test-nll.svg")) {
      String svg = Files.readString(tiny.path("sweep/" + plot));
      assertTrue(svg.contains("lora_r 3, learning_rate 0.1"), svg);
      assertTrue(Files.readString(tiny.path("sweep/sweep.html")).contains(svg));
    }
    // Again, nothing is run.
    SweepReport again =
        run(
                recipe,
                (_, _, _) -> {
                  throw new IllegalStateException("run again");
                },
                RunObserver.NONE,
                new AtomicBoolean())
            .report();
    assertEquals(report.results(), again.results());
    assertEquals("4/4 lora_r=3,learning_rate=0.1 done", begun.getLast());
  }

  @Test
  void anInterruptedSweepGoesOn() throws IOException {
    List<String> grid = List.of("learning_rate=0.01,0.02");
    run(
        recipe(
            List.of("learning_rate=0.02"),
            "logging_steps",
            "1",
            "output_dir",
            tiny.path("whole").toString()));
    SweepRecipe recipe =
        recipe(grid, "logging_steps", "1", "output_dir", tiny.path("cut").toString());
    AtomicBoolean stop = new AtomicBoolean();
    List<String> steps = new ArrayList<>();
    RunObserver stopping =
        event -> {
          if (event instanceof RunEvent.Stepped) {
            steps.add("");
            stop.set(steps.size() >= 11); // 8 of the first point, and some of the second.
          }
        };
    SweepReport cut = run(recipe, SftRun::run, stopping, stop).report();
    assertEquals(List.of(PointState.DONE, PointState.INTERRUPTED), states(cut));
    assertTrue(cut.results().getLast().steps() < 8);
    assertEquals(OptionalInt.of(0), cut.best());
    assertEquals(
        List.of(PointState.DONE, PointState.INTERRUPTED),
        Sweep.found(recipe).stream().map(PointResult::state).toList());
    SweepReport rest = run(recipe);
    assertEquals(
        List.of("1/2 learning_rate=0.01 done", "2/2 learning_rate=0.02 interrupted"), begun);
    assertEquals(List.of(PointState.DONE, PointState.DONE), states(rest));
    String point = "learning_rate=0.02";
    assertArrayEquals(tiny.figures("whole/" + point, "loss"), tiny.figures("cut/" + point, "loss"));
    assertArrayEquals(tiny.weights("whole/" + point), tiny.weights("cut/" + point));
  }

  @Test
  void aPointThatDivergesOrFailsDoesNotKeepTheOthers() throws IOException {
    SweepRecipe recipe = recipe(List.of("learning_rate=1e30,0.02,0.01"));
    Sweep.Outcome outcome =
        run(
            recipe,
            (config, observer, stop) -> {
              if (config.schedule().learningRate() == 0.02) {
                throw new DataException(Path.of("train.jsonl"), "expected data | got none\nmore");
              }
              return SftRun.run(config, observer, stop);
            },
            RunObserver.NONE,
            new AtomicBoolean());
    assertEquals(
        List.of(PointState.DIVERGED, PointState.FAILED, PointState.DONE), states(outcome.report()));
    assertTrue(outcome.failure().orElseThrow() instanceof DataException);
    assertEquals(OptionalInt.of(2), outcome.report().best());
    List<String> lines = outcome.report().table().lines();
    assertEquals(5, lines.size());
    assertEquals(
        "learning_rate=0.02: 'train.jsonl': expected data | got none",
        lines.getLast().replace("train.jsonl:", "'train.jsonl':"));
    assertTrue(Files.readString(tiny.path("out/sweep.html")).contains("got none"));
    // What failed is tried again; what diverged would do so again.
    SweepReport again = run(recipe);
    assertEquals(List.of(PointState.DIVERGED, PointState.DONE, PointState.DONE), states(again));
    assertEquals(Optional.empty(), again.results().get(1).error());
  }

  @Test
  void resultsOfAnotherRecipeAreRefusedBeforeAnythingRuns() throws IOException {
    List<String> grid = List.of("seed=1,2");
    assertEquals(0, run(recipe(grid, "max_steps", "1")).results().getLast().compiled());
    SweepRecipe other = recipe(grid, "max_steps", "2");
    List<String> problems =
        assertThrows(ConfigException.class, () -> run(other)).problems().stream()
            .map(Object::toString)
            .toList();
    assertEquals(2, problems.size(), problems::toString);
    assertTrue(problems.getFirst().contains("'max_steps': 1, now 2"), problems::toString);
    assertEquals(List.of(), begun);
    SweepReport anew = run(recipe(grid, "max_steps", "2", "overwrite_output_dir", "true"));
    assertEquals(2, anew.results().getFirst().steps());
    // More points beside those that are there: only they are run.
    run(recipe(List.of("seed=1,2,3"), "max_steps", "2"));
    assertEquals(List.of("1/3 seed=1 done", "2/3 seed=2 done", "3/3 seed=3 waiting"), begun);
  }

  @Test
  void askedToStopBeforeTheFirstUpdateItLeavesNothingOfThePoint() throws IOException {
    AtomicBoolean stop = new AtomicBoolean();
    RunObserver stopping = event -> stop.set(true);
    SweepReport report = run(recipe(List.of("seed=1,2")), SftRun::run, stopping, stop).report();
    assertEquals(List.of(PointState.WAITING, PointState.WAITING), states(report));
    assertFalse(Files.exists(tiny.path("out/seed=1")));
    assertTrue(Files.exists(tiny.path("out/sweep.html")));
  }
}
