package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was interrupted and goes on is the run without interruption, to the last bit. */
final class ResumedRunTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private RunSummary run(Predicate<RunEvent> stopAt, List<String> options) throws IOException {
    AtomicBoolean stop = new AtomicBoolean();
    events.clear();
    long before = Handles.live();
    try {
      return SftRun.run(
          SftRecipe.read(options).config(),
          Map.of(),
          event -> {
            events.add(event);
            if (stopAt.test(event)) {
              stop.set(true);
            }
          },
          stop,
          Devices::freeMemory);
    } finally {
      assertEquals(before, Handles.live(), "handles left open");
    }
  }

  private static Predicate<RunEvent> step(int step) {
    return event -> event instanceof RunEvent.Stepped stepped && stepped.metrics().step() == step;
  }

  private static boolean never(RunEvent event) {
    return false;
  }

  private List<String> options(String recipe, String output, String... more) throws IOException {
    List<String> keys =
        new ArrayList<>(List.of("output_dir", tiny.path(output).toString(), "max_steps", "13"));
    keys.addAll(List.of("logging_steps", "2", "save_strategy", "steps", "save_steps", "3"));
    for (String setting : recipe.split(" ", -1)) {
      if (!setting.isEmpty()) {
        keys.addAll(List.of(setting.split("=", 2)));
      }
    }
    keys.addAll(List.of(more));
    keys.replaceAll(text -> text.equals("@gpt2") ? tiny.path("gpt2").toString() : text);
    keys.replaceAll(
        text -> text.equals("@recorded") ? Fixtures.path("models/llama").toString() : text);
    keys.replaceAll(text -> text.equals("@heldout") ? tiny.path("heldout.jsonl").toString() : text);
    tiny.model("gpt2", TinyRun.GPT2);
    return tiny.options(keys.toArray(String[]::new));
  }

  private List<Map<String, Object>> figures(String output) throws IOException {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (Map<String, Object> line : tiny.metrics(output)) {
      Map<String, Object> own = new LinkedHashMap<>(line);
      own.keySet().removeAll(StepMetrics.MEASURED);
      lines.add(own);
    }
    return lines;
  }

  /** Without what depends on the time and the name of the directory. */
  private static Map<String, String> sums(Path output, int step) throws IOException {
    Map<String, String> sums = CheckpointDirectory.at(output, step).checksums();
    sums.remove("training_state.json");
    sums.remove("trainer_state.json");
    return sums;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "packing=true gradient_accumulation_steps=2",
        "packing=true max_buckets=3 eval_dataset_name=@heldout eval_steps=4",
        "scan_layers=true optim=muon save_dtype=bfloat16",
        "optim=adamw_8bit dtype=float16 neftune_noise_alpha=5",
        "model_name_or_path=@gpt2 use_peft=true lora_r=2 lora_max_rank=4 lora_dropout=0.2 merge_lora_before_save=true",
        "model_name_or_path=@gpt2 use_peft=true lora_r=2 use_dora=true",
        "model_name_or_path=@gpt2 frozen_parameters=h\\.,ln_f unfreeze_steps=5=h\\.",
      })
  void goesOnBitByBit(String recipe) throws IOException {
    RunSummary whole = run(ResumedRunTest::never, options(recipe, "whole"));
    assertEquals(13, whole.steps());
    // Within the first epoch, on its border, in the second, and where nothing is left to do.
    int[] stops = recipe.isEmpty() ? new int[] {2, 6, 9, 13} : new int[] {6};
    for (int stop : stops) {
      RunSummary part = run(step(stop), options(recipe, "parts", "resume", "auto"));
      assertTrue(part.steps() >= stop && part.steps() <= stop + 3, part.toString());
    }
    RunSummary parts = run(ResumedRunTest::never, options(recipe, "parts", "resume", "auto"));
    assertEquals(RunSummary.Outcome.DONE, parts.outcome());
    assertEquals(whole.trainLoss(), parts.trainLoss());
    assertEquals(whole.evalLoss(), parts.evalLoss());
    assertEquals(whole.numTokens(), parts.numTokens());
    assertEquals(whole.skippedSteps(), parts.skippedSteps());
    assertEquals(0, parts.recompiles());
    List<Map<String, Object>> expected = figures("whole");
    Set<Object> steps = Set.copyOf(expected.stream().map(line -> line.get("step")).toList());
    List<Map<String, Object>> got = new ArrayList<>(figures("parts"));
    // The last step before an interruption has a line of its own, and its window is shorter.
    assertEquals(
        Set.copyOf(got.stream().map(line -> line.get("step")).toList()).size(), got.size());
    got.removeIf(line -> !steps.contains(line.get("step")));
    assertEquals(
        expected.stream().map(line -> line.get("grad_norm")).toList(),
        got.stream().map(line -> line.get("grad_norm")).toList());
    assertEquals(
        expected.stream().map(line -> line.get("num_tokens")).toList(),
        got.stream().map(line -> line.get("num_tokens")).toList());
    assertEquals(sums(tiny.path("whole"), 13), sums(tiny.path("parts"), 13));
    for (String file : CheckpointDirectory.at(tiny.path("whole"), 13).checksums().keySet()) {
      Path left = tiny.path("whole/final").resolve(file);
      assertEquals(Files.exists(left), Files.exists(tiny.path("parts/final").resolve(file)));
      if (Files.exists(left)) {
        assertEquals(-1, Files.mismatch(left, tiny.path("parts/final").resolve(file)), file);
      }
    }
  }

  /** From a checkpoint that lies at a save, all lines are those of the uninterrupted run. */
  @Test
  void theLinesAfterACheckpointAreWrittenAgain() throws IOException {
    run(ResumedRunTest::never, options("", "out", "logging_steps", "2"));
    List<Map<String, Object>> expected = figures("out");
    Path checkpoint = tiny.path("out/checkpoint-9");
    run(
        ResumedRunTest::never,
        options("", "out", "resume", checkpoint.toString(), "overwrite_output_dir", "true"));
    assertEquals(expected, figures("out"));
    run(ResumedRunTest::never, options("", "elsewhere", "resume", checkpoint.toString()));
    assertEquals(expected, figures("elsewhere"));
    assertArrayEquals(tiny.weights("out"), tiny.weights("elsewhere"));
  }

  @Test
  void keepsTheBestAndTheNewest() throws IOException {
    // The rate grows until the loss does.
    RunSummary summary =
        run(
            ResumedRunTest::never,
            options(
                "eval_dataset_name=@heldout eval_steps=2 learning_rate=0.6 warmup_steps=20"
                    + " load_best_model_at_end=true save_total_limit=1 max_steps=20",
                "out"));
    double[] losses = tiny.figures("out", "eval_loss");
    int best = 0;
    for (int i = 0; i < losses.length; i++) {
      best = losses[i] < losses[best] ? i : best;
    }
    assertTrue(best < losses.length - 1, "the last is not to be the best");
    assertEquals(losses[losses.length - 1], summary.evalLoss().orElseThrow());
    List<CheckpointDirectory> kept = CheckpointDirectory.in(tiny.path("out"));
    assertEquals(
        List.of(2 * (best + 1), 20), kept.stream().map(CheckpointDirectory::step).toList());
    assertEquals(
        -1,
        Files.mismatch(
            kept.getFirst().file("model.safetensors"), tiny.path("out/final/model.safetensors")));
  }

  @Test
  void endsWhereItNoLongerLearns() throws IOException {
    String recipe =
        "eval_dataset_name=@heldout eval_steps=2 learning_rate=0.6 warmup_steps=40 max_steps=40"
            + " early_stopping_patience=2";
    RunSummary summary = run(ResumedRunTest::never, options(recipe, "out"));
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    double[] losses = tiny.figures("out", "eval_loss");
    assertEquals(summary.steps(), 2 * losses.length);
    assertTrue(summary.steps() < 40, summary.toString());
    double best = losses[losses.length - 3];
    assertTrue(losses[losses.length - 2] >= best && losses[losses.length - 1] >= best);
    // Patience is a part of what a checkpoint knows.
    for (int i = 0; i < losses.length; i++) {
      run(step(2 * i + 1), options(recipe, "parts", "resume", "auto"));
    }
    assertEquals(
        summary.steps(),
        run(ResumedRunTest::never, options(recipe, "parts", "resume", "auto")).steps());
    // Most of these evaluations were cut short and made later: their lines say all the same.
    assertEquals(evaluations("out"), evaluations("parts"));
  }

  private List<Map<String, Object>> evaluations(String output) throws IOException {
    List<Map<String, Object>> evaluations = new ArrayList<>();
    for (Map<String, Object> line : tiny.metrics(output)) {
      if (line.containsKey("eval_loss")) {
        Map<String, Object> own = new LinkedHashMap<>(line);
        own.keySet().removeIf(key -> !key.startsWith("eval_") && !key.equals("step"));
        evaluations.add(own);
      }
    }
    return evaluations;
  }

  @Test
  void aDamagedCheckpointIsNamedAndAnOlderOneTaken() throws IOException {
    run(step(5), options("", "out"));
    List<CheckpointDirectory> all = CheckpointDirectory.in(tiny.path("out"));
    assertTrue(all.size() >= 2, all.toString());
    CheckpointDirectory newest = all.getLast();
    Path file = newest.file("optimizer.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    DataException named =
        assertThrows(
            DataException.class,
            () ->
                run(ResumedRunTest::never, options("", "out", "resume", newest.path().toString())));
    assertTrue(
        String.valueOf(named.getMessage()).contains("optimizer.safetensors: checkpoint: expected"),
        named.getMessage());
    run(ResumedRunTest::never, options("", "out", "resume", "auto"));
    assertTrue(
        events.stream()
            .anyMatch(event ->
                event instanceof RunEvent.Noted noted
                    && noted.message().contains("optimizer.safetensors")
                    && noted.message().contains("; an older one is taken, this one is")),
        events.toString());
    run(ResumedRunTest::never, options("", "whole"));
    assertArrayEquals(tiny.weights("whole"), tiny.weights("out"));
  }

  @Test
  void anotherRecipeIsRefusedWithTheDifference() throws IOException {
    run(step(3), options("", "out"));
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () ->
                run(
                    ResumedRunTest::never,
                    options("", "out", "resume", "auto", "learning_rate", "0.5", "seed", "1")));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("'learning_rate': 0.01, now 0.5"), message);
    assertTrue(message.contains("'seed': 42, now 1"), message);
    assertTrue(message.endsWith("or --allow_recipe_changes true"), message);
    tiny.data("train.jsonl", TinyRun.conversations(31));
    ConfigException other =
        assertThrows(
            ConfigException.class,
            () -> run(ResumedRunTest::never, options("", "out", "resume", "auto")));
    assertTrue(String.valueOf(other.getMessage()).contains("data: "), other.getMessage());
    assertFalse(Files.exists(tiny.path("out/final")));
    run(
        ResumedRunTest::never,
        options("", "out", "resume", "auto", "allow_recipe_changes", "true"));
    assertTrue(Files.exists(tiny.path("out/final")));
  }

  @Test
  void anInterruptionLeavesAllOfIt() throws IOException {
    run(step(4), options("save_only_model=true", "out"));
    RunSummary whole =
        run(ResumedRunTest::never, options("save_only_model=true", "out", "resume", "auto"));
    assertEquals(RunSummary.Outcome.DONE, whole.outcome());
    // Another run's results are not written over.
    Files.createDirectories(tiny.path("elsewhere/checkpoint-3"));
    ConfigException used =
        assertThrows(
            ConfigException.class,
            () ->
                run(
                    ResumedRunTest::never,
                    options("", "out", "resume", tiny.path("elsewhere/checkpoint-3").toString())));
    assertTrue(
        String.valueOf(used.getMessage()).contains("expected a directory without results"),
        used.getMessage());
  }

  @Test
  void whatCannotBeGoneOnFromIsSaid() throws IOException {
    run(ResumedRunTest::never, options("save_only_model=true", "out"));
    DataException alone =
        assertThrows(
            DataException.class,
            () ->
                run(
                    ResumedRunTest::never,
                    options("", "more", "resume", tiny.path("out").toString())));
    assertTrue(
        String.valueOf(alone.getMessage()).contains("got a model alone"), alone.getMessage());
    ConfigException used =
        assertThrows(ConfigException.class, () -> run(ResumedRunTest::never, options("", "out")));
    assertTrue(String.valueOf(used.getMessage()).contains("--resume auto"), used.getMessage());
    DataException nothing =
        assertThrows(
            DataException.class,
            () -> run(ResumedRunTest::never, options("", "more", "resume", folder.toString())));
    assertTrue(
        String.valueOf(nothing.getMessage()).contains("expected a directory 'checkpoint-N'"),
        nothing.getMessage());
  }

  @Test
  void oneRunAtATimeWritesToADirectory() throws IOException {
    Files.createDirectories(tiny.path("out"));
    try (RunLock _ = RunLock.of(tiny.path("out"))) {
      ConfigException used =
          assertThrows(ConfigException.class, () -> run(ResumedRunTest::never, options("", "out")));
      assertTrue(
          String.valueOf(used.getMessage()).contains("that no other run writes to"),
          used.getMessage());
    }
  }
}
