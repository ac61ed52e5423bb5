package dev.hlotune.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.loop.RecipeProgram;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.SftRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans for the processor, which is there: what they say is what a run has. */
final class PlannerTest {
  @TempDir Path folder;
  private TinyRun tiny = new TinyRun(Path.of("."));

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private static PlanOptions options(int devices, boolean search) {
    return new PlanOptions(Target.of("cpu"), Optional.of(devices), true, search, true);
  }

  private SftConfig config(String... more) throws IOException {
    return SftRecipe.readPlanned(tiny.options(more)).config();
  }

  private static Plan plan(SftConfig config, PlanOptions options, OptionalLong budget)
      throws IOException {
    return Planner.plan(config, options, budget, _ -> {}, new AtomicBoolean());
  }

  @Test
  void itsMemoryIsThatOfTheRun() throws IOException {
    String[] keys = {"test_size", "8", "eval_strategy", "epoch", "max_steps", "2"};
    String[] spread = Arrays.copyOf(keys, keys.length + 2);
    spread[keys.length] = "sharding_strategy";
    spread[keys.length + 1] = "fsdp";
    for (int devices : new int[] {1, 2}) {
      List<String> more = new ArrayList<>(List.of(devices == 1 ? keys : spread));
      if (devices > 1) {
        more.addAll(List.of("cpu_device_count", String.valueOf(devices)));
      }
      SftConfig config = SftRecipe.read(tiny.options(more.toArray(String[]::new))).config();
      Plan plan = plan(config, options(devices, false), OptionalLong.empty());
      List<Long> peaks = new ArrayList<>();
      SftRun.run(
          config.with(config.output()),
          event -> {
            if (event instanceof RunEvent.Compiled(_, _, _, long peak)) {
              peaks.add(peak);
            }
          },
          new AtomicBoolean());
      assertEquals(List.of(plan.peak()), peaks, devices + " devices");
      assertTrue(plan.fits());
      assertEquals(
          List.of(RecipeProgram.Kind.TRAIN_STEP, RecipeProgram.Kind.EVALUATION),
          plan.programs().stream().map(PlannedProgram::kind).toList());
      PlannedProgram step = plan.programs().getFirst();
      assertEquals(
          4.0 * plan.weights() / devices, (double) step.memory().parameters(), 200.0 * devices);
      assertEquals(
          8.0 * plan.weights() / devices, (double) step.memory().optimizer(), 400.0 * devices);
      assertEquals(
          4.0 * plan.weights() / devices, (double) step.memory().gradients(), 200.0 * devices);
      assertEquals(devices > 1, step.sent() > 0);
      assertTrue(step.neededFlops() > 0 && step.neededFlops() <= step.flops());
      deleteOutput();
    }
  }

  private void deleteOutput() throws IOException {
    try (var files = java.nio.file.Files.walk(folder.resolve("out"))) {
      for (Path path : files.toList().reversed()) {
        java.nio.file.Files.delete(path);
      }
    }
  }

  @Tag("slow")
  @Test
  void theLargestMicroBatchIsTheLargest() throws IOException {
    SftConfig config = config("per_device_train_batch_size", "2");
    PlanOptions once = new PlanOptions(Target.of("cpu"), Optional.of(1), false, false, false);
    long budget = 0;
    for (int rows : new int[] {11, 12}) {
      budget += peak(rows, once) / 2;
    }
    PlanOptions searching = new PlanOptions(Target.of("cpu"), Optional.of(1), false, true, false);
    MicroBatch largest = plan(config, searching, OptionalLong.of(budget)).largest().orElseThrow();
    assertEquals(11, largest.perDevice());
    assertEquals(peak(11, once), largest.peak());
    assertFalse(largest.atLeast());
    assertEquals(Optional.empty(), plan(config, searching, OptionalLong.of(1000)).largest());
  }

  private long peak(int rows, PlanOptions options) throws IOException {
    return plan(
            config("per_device_train_batch_size", String.valueOf(rows)),
            options,
            OptionalLong.empty())
        .peak();
  }

  @Tag("slow")
  @Test
  void whatDoesNotFitIsAnsweredWithWhatToChange() throws IOException {
    String deep = TinyRun.LLAMA.replace("\"num_hidden_layers\": 1", "\"num_hidden_layers\": 8");
    String[] keys = {
      "model_name_or_path",
      tiny.model("deep", deep).toString(),
      "per_device_train_batch_size",
      "16",
      "max_length",
      "64",
      "sharding_strategy",
      "ddp"
    };
    PlanOptions options = new PlanOptions(Target.of("cpu"), Optional.of(2), false, false, true);
    tiny.options();
    SftConfig config = config(keys);
    Plan roomy = plan(config, options, OptionalLong.empty());
    assertTrue(roomy.fits());
    assertEquals(List.of(), roomy.remedies());

    Plan tight = plan(config, options, OptionalLong.of(roomy.peak() / 8));
    assertFalse(tight.fits());
    assertEquals(
        List.of("gradient_checkpointing", "per_device_train_batch_size"),
        tight.remedies().stream()
            .limit(2)
            .map(remedy -> remedy.settings().keySet().iterator().next())
            .toList());
    Remedy last = tight.remedies().getLast();
    assertTrue(last.fits() && last.compiled(), last::toString);
    long before = roomy.peak();
    for (Remedy remedy : tight.remedies()) {
      assertTrue(remedy.peak() < before, remedy + ", before " + before);
      before = remedy.peak();
    }
    // The recipe with the changes is what it says it is.
    List<String> changed = new ArrayList<>(List.of(keys));
    for (Remedy remedy : tight.remedies()) {
      remedy
          .settings()
          .forEach((key, value) -> {
            int at = changed.indexOf(key);
            if (at >= 0) {
              changed.set(at + 1, value);
            } else {
              changed.addAll(List.of(key, value));
            }
          });
    }
    assertEquals(
        last.peak(),
        plan(config(changed.toArray(String[]::new)), options, OptionalLong.empty()).peak());
  }

  @Test
  void aMeshThatDoesNotFitTheDevicesIsRefused() throws IOException {
    SftConfig config = config("mesh.data", "3");
    assertTrue(
        assertThrows(
                ConfigException.class, () -> plan(config, options(4, false), OptionalLong.empty()))
            .toString()
            .contains("'mesh': expected sizes whose product is the number of devices 4, got 3"));
  }
}
