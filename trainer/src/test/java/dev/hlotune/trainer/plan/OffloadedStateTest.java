package dev.hlotune.trainer.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.hlo.Shape;
import dev.hlotune.pjrt.CompiledMemory;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.loop.RecipeProgram;
import dev.hlotune.trainer.step.TrainProgram;
import dev.hlotune.trainer.step.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Optimizer state in the memory of the host, as compilers for devices with two memories make it.
 */
final class OffloadedStateTest {
  private static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 512, "hidden_size": 256, "intermediate_size": 512,
       "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 4,
       "max_position_embeddings": 64, "tie_word_embeddings": false}
      """;

  private static final String GPT2 =
      """
      {"model_type": "gpt2", "vocab_size": 512, "n_embd": 256, "n_layer": 2, "n_head": 4,
       "n_positions": 64}
      """;

  /** 1.15 billion weights: in f32 with gradients and state 18.4 GB, of which the state is half. */
  private static final String LARGE =
      """
      {"model_type": "llama", "vocab_size": 16384, "hidden_size": 2048, "intermediate_size": 5632,
       "num_hidden_layers": 24, "num_attention_heads": 16, "num_key_value_heads": 4,
       "max_position_embeddings": 128, "tie_word_embeddings": false}
      """;

  @TempDir Path folder;

  /** What a compiler makes of the train step. */
  private record Compiled(CompiledMemory memory, List<Collective> collectives) {}

  private SftConfig config(String model, String where, String... more) throws IOException {
    List<String> keys =
        new ArrayList<>(
            List.of(
                "--model_name_or_path",
                new TinyRun(folder).model("model", model).toString(),
                "--offload_optimizer",
                where));
    for (int i = 0; i < more.length; i += 2) {
      keys.addAll(List.of("--" + more[i], more[i + 1]));
    }
    return SftRecipe.readPlanned(keys).config();
  }

  private static PlannedRecipe open(SftConfig config, Target target, Optional<Integer> devices)
      throws IOException {
    return PlannedRecipe.open(config, target, devices, false, _ -> {}, new AtomicBoolean());
  }

  private static Target installed(String text) {
    Target target = Target.of(text);
    assumeTrue(
        PluginRegistry.ofEnvironment(true).locate(target.plugin()).isPresent(),
        "the plugin is not installed");
    return target;
  }

  private static TargetCompiler.Attempt<Compiled> compiled(PlannedRecipe recipe, Target target)
      throws IOException {
    RecipeProgram step = recipe.all().getFirst();
    try (TargetCompiler compiler =
        TargetCompiler.open(
            target, recipe.devices(), recipe.config(), _ -> {}, new AtomicBoolean())) {
      return compiler.compile(
          recipe.text(step.kind(), step.program()),
          executable ->
              new Compiled(
                  executable.memory(),
                  OptimizedProgram.collectives(
                      executable.optimizedProgram(), recipe.devices(), 1)));
    }
  }

  /** Bytes of the state that each device has, by the rules. */
  private static long state(PlannedRecipe recipe) {
    Training training = recipe.programs().trainings().lastEntry().getValue();
    long bytes = 0;
    for (Shape shape : TrainProgram.state(training).values()) {
      bytes += recipe.rules().state(shape).shard().bytes();
    }
    return bytes;
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "tpu:v5e:1x1, 1, llama, adamw_torch",
    "tpu:v5e:2x2, 4, gpt2, adamw_torch",
    "cuda:h100, 1, gpt2, adamw_torch",
    "cuda:h100, 4, llama, adamw_torch",
    "cuda:h100, 1, llama, adamw_8bit",
  })
  void theStateLeavesTheDevices(String text, int devices, String family, String optimizer)
      throws IOException {
    Target target = installed(text);
    String model = family.equals("llama") ? LLAMA : GPT2;
    String[] keys = {
      "max_length",
      "32",
      "per_device_train_batch_size",
      "1",
      "mesh.fsdp",
      String.valueOf(devices),
      "optim",
      optimizer
    };
    PlannedRecipe there = open(config(model, "none", keys), target, Optional.of(devices));
    PlannedRecipe here = open(config(model, "host", keys), target, Optional.of(devices));
    Compiled without = compiled(there, target).result().orElseThrow();
    Compiled with = compiled(here, target).result().orElseThrow();
    long state = state(here);
    long gone = without.memory().argument() - with.memory().argument();
    String figures = without.memory() + ", with the state on the host " + with.memory();
    assertEquals(0, without.memory().host(), figures);
    assertEquals(gone, with.memory().host(), figures);
    assertEquals(gone, without.memory().alias() - with.memory().alias(), figures);
    if (target instanceof Target.Gpu) {
      assertEquals(state, gone, figures);
      // While weights are updated, one after another, it has the state of one.
      assertTrue(
          with.memory().total() < without.memory().total() - state / 2
              || optimizer.equals("adamw_8bit"),
          figures);
    } else {
      // A TPU fills its tiles, and fetches what there is room for.
      assertTrue(gone >= state && gone < state * 1.1, state + ": " + figures);
    }
    // Each device fetches its own part, and nothing of it is gathered. What a TPU gathers together
    // depends on what it fuses.
    long sent = without.collectives().stream().mapToLong(Collective::sent).sum();
    long more = with.collectives().stream().mapToLong(Collective::sent).sum() - sent;
    assertTrue(devices == 1 || sent > 0, figures);
    assertTrue(
        Math.abs(more) <= (target instanceof Target.Gpu ? 0 : state / 10),
        () -> without.collectives() + ", with the state on the host " + with.collectives());
  }

  /** What does not fit without fits with it, which no sum of arguments could show. */
  @Tag("slow")
  @Test
  void thePeakFallsToo() throws IOException {
    Target target = installed("tpu:v5e:1x1");
    String[] keys = {
      "max_length",
      "128",
      "per_device_train_batch_size",
      "1",
      "scan_layers",
      "true",
      "gradient_checkpointing",
      "full"
    };
    TargetCompiler.Attempt<Compiled> refused =
        compiled(open(config(LARGE, "none", keys), target, Optional.empty()), target);
    assertTrue(refused.result().isEmpty(), refused::toString);
    PlanOptions options = new PlanOptions(target, Optional.empty(), false, false, false);
    Plan plan = Planner.plan(config(LARGE, "host", keys), options, _ -> {}, new AtomicBoolean());
    assertTrue(plan.fits(), plan::toString);
    PlannedMemory step = plan.programs().getFirst().memory();
    assertEquals(0, step.optimizer());
    assertTrue(step.host() >= 8 * plan.weights(), step::toString);
    assertTrue(step.peak() < plan.budget() - (1L << 30), step::toString);
    for (PlannedProgram program : plan.programs()) {
      assertTrue(program.memory().host() >= 8 * plan.weights(), program::toString);
      assertEquals(0, program.memory().optimizer());
    }
  }

  @Test
  void theProcessorHasOneMemory() throws IOException {
    SftConfig config = config(LLAMA, "host");
    assertTrue(
        assertThrows(ConfigException.class, () -> open(config, Target.of("cpu"), Optional.empty()))
            .toString()
            .contains("'offload_optimizer': expected devices with a memory beside"));
  }
}
