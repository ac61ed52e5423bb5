package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that train a part of the weights, from the beginning or from some update on. */
class FrozenRunTest {
  @TempDir Path folder;
  private TinyRun tiny;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private RunSummary run(String output, String... options) throws IOException {
    events.clear();
    List<String> all =
        new ArrayList<>(
            List.of(
                "model_name_or_path", tiny.model("gpt2", TinyRun.GPT2).toString(),
                "output_dir", tiny.path(output).toString()));
    all.addAll(List.of(options));
    long before = Handles.live();
    RunSummary summary =
        SftRun.run(
            SftRecipe.read(tiny.options(all.toArray(String[]::new))).config(),
            events::add,
            new AtomicBoolean());
    assertEquals(before, Handles.live(), "handles left open");
    return summary;
  }

  /** Names of the weights that differ between two runs of one seed. */
  private Set<String> differing(String one, String other) throws IOException {
    try (SafetensorsFile a = SafetensorsFile.open(tiny.path(one + "/final/model.safetensors"));
        SafetensorsFile b = SafetensorsFile.open(tiny.path(other + "/final/model.safetensors"))) {
      return a.tensors().keySet().stream()
          .filter(name -> !Arrays.equals(a.tensor(name).toFloats(), b.tensor(name).toFloats()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "bfloat16"})
  void whatIsFrozenStays(String dtype) throws IOException {
    String[] frozen = {"frozen_parameters", "wte,wpe,\\.h\\.0\\.", "dtype", dtype};
    run("before", frozen[0], frozen[1], "dtype", dtype, "max_steps", "2");
    run("after", frozen);
    Set<String> changed = differing("before", "after");
    assertEquals(14, changed.size(), changed.toString());
    assertTrue(
        changed.stream().allMatch(name -> name.contains(".h.1.") || name.contains("ln_f")),
        changed.toString());
    double[] losses = tiny.figures("after", "loss");
    assertTrue(losses[losses.length - 1] < losses[0]);
  }

  @Test
  void whatIsUnfrozenIsTrainedFromThenOn() throws IOException {
    String[] frozen = {"frozen_parameters", "wte,wpe,\\.h\\.0\\."};
    run("short", "frozen_parameters", frozen[1], "max_steps", "8", "lr_scheduler_type", "constant");
    RunSummary summary =
        run(
            "stages",
            "frozen_parameters",
            frozen[1],
            "unfreeze_steps",
            "4=\\.h\\.0\\.,6=wte",
            "lr_scheduler_type",
            "constant");
    assertEquals(0, summary.recompiles());
    assertEquals(8, summary.steps());
    Set<String> changed = differing("short", "stages");
    assertTrue(changed.stream().anyMatch(name -> name.contains(".h.0.")), changed.toString());
    assertTrue(changed.contains("transformer.wte.weight"));
    assertTrue(changed.stream().noneMatch(name -> name.contains("wpe")), changed.toString());
    double[] one = tiny.figures("short", "loss");
    double[] other = tiny.figures("stages", "loss");
    assertEquals(one[1], other[1], "the same until then");
    assertTrue(one[3] != other[3]);
    RunPlan plan =
        events.stream()
            .filter(RunEvent.Planned.class::isInstance)
            .map(event -> ((RunEvent.Planned) event).plan())
            .findFirst()
            .orElseThrow();
    assertEquals(3, plan.trained().size());
    assertTrue(plan.trained().get(1).startsWith("from update 5: trainable params: "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          frozen_parameters=nothing | expected expressions that are found in names of weights
          frozen_parameters=. | expected some weights to be left to train
          frozen_parameters=a( | in which Unclosed group
          unfreeze_steps=4=wte | expected 'frozen_parameters' beside it
          frozen_parameters=wte;unfreeze_steps=x=wte | expected numbers of updates, got 'x'
          frozen_parameters=wte;unfreeze_steps=4=wpe | expected weights that are frozen until 4
          frozen_parameters=\\.h\\.0;scan_layers=true | set 'scan_layers' to false
          frozen_parameters=wte;use_peft=true | expected none beside adapters
          """)
  void whatCannotBeFrozenIsSaid(String options, String message) {
    List<String> all = new ArrayList<>();
    for (String option : options.split(";", -1)) {
      all.addAll(List.of(option.split("=", 2)));
    }
    ConfigException e =
        assertThrows(ConfigException.class, () -> run("out", all.toArray(String[]::new)));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }
}
