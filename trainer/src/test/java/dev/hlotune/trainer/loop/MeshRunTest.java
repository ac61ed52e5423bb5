package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A recipe gives on a mesh of eight processor devices what it gives on one device. */
class MeshRunTest {
  /**
   * Of losses and of weights, which the largest of their tensor measures: sums of f32 in another
   * order, through ten updates of Adam.
   */
  private static final double TOLERANCE = 2e-4;

  private static final String LLAMA =
      """
      {"model_type": "llama", "vocab_size": 512, "hidden_size": 32, "intermediate_size": 64,
       "num_hidden_layers": 2, "num_attention_heads": 8, "num_key_value_heads": 8,
       "max_position_embeddings": 64, "initializer_range": 0.05, "tie_word_embeddings": false}
      """;

  private static final String GPT2 =
      """
      {"model_type": "gpt2", "vocab_size": 512, "n_embd": 32, "n_layer": 2, "n_head": 8,
       "n_positions": 64, "attn_pdrop": 0.0, "embd_pdrop": 0.0, "resid_pdrop": 0.0}
      """;

  @TempDir Path folder;
  private TinyRun tiny = new TinyRun(Path.of("."));

  @BeforeAll
  static void needsAPlugin() {
    TestClient.get();
  }

  @ParameterizedTest
  @CsvSource({"zero2, gpt2, false, 8, 1, 1, 1", "fsdp+tp, gpt2, true, 1, 4, 2, 1"})
  void someGiveWhatOneDeviceGives(
      String strategy, String family, boolean lora, int data, int fsdp, int tensor, int sequence)
      throws IOException {
    compare(strategy, family, lora, data, fsdp, tensor, sequence);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "ddp, llama, false, 8, 1, 1, 1",
    "zero1, gpt2, true, 8, 1, 1, 1",
    "zero2, llama, true, 4, 1, 1, 2",
    "fsdp, llama, true, 1, 8, 1, 1",
    "zero3, gpt2, false, 2, 4, 1, 1",
    "tp, llama, false, 1, 1, 8, 1",
    "fsdp+tp, llama, false, 2, 2, 2, 1",
    "sp, gpt2, false, 1, 1, 1, 8",
    "sp, llama, true, 2, 1, 1, 4",
  })
  void othersGiveWhatOneDeviceGives(
      String strategy, String family, boolean lora, int data, int fsdp, int tensor, int sequence)
      throws IOException {
    compare(strategy, family, lora, data, fsdp, tensor, sequence);
  }

  private void compare(
      String strategy, String family, boolean lora, int data, int fsdp, int tensor, int sequence)
      throws IOException {
    List<String> common = common(family, lora);
    run("one", 8, common);
    List<String> spread = new ArrayList<>(common);
    spread.addAll(
        List.of(
            "sharding_strategy",
            strategy,
            "mesh.data",
            Integer.toString(data),
            "mesh.fsdp",
            Integer.toString(fsdp),
            "mesh.tensor",
            Integer.toString(tensor),
            "mesh.sequence",
            Integer.toString(sequence)));
    run("mesh", 8 / (data * fsdp), spread);
    assertSame("one", "mesh");
  }

  private List<String> common(String family, boolean lora) throws IOException {
    tiny = new TinyRun(folder);
    tiny.options();
    tiny.model("model", family.equals("llama") ? LLAMA : GPT2);
    List<String> common =
        new ArrayList<>(
            List.of(
                "model_name_or_path",
                tiny.path("model").toString(),
                "max_steps",
                "10",
                "logging_steps",
                "1",
                "eval_dataset",
                tiny.path("heldout.jsonl").toString(),
                "eval_steps",
                "10",
                "packing",
                "true",
                "learning_rate",
                "0.003"));
    if (lora) {
      common.addAll(List.of("use_peft", "true", "lora_r", "4", "merge_lora_before_save", "true"));
    }
    return common;
  }

  private void run(String output, int rows, List<String> more) throws IOException {
    List<String> all = new ArrayList<>(more);
    all.addAll(
        List.of(
            "output_dir",
            tiny.path(output).toString(),
            "per_device_train_batch_size",
            Integer.toString(rows)));
    RunSummary summary =
        SftRun.run(
            SftRecipe.read(tiny.options(all.toArray(String[]::new))).config(),
            _ -> {},
            new AtomicBoolean());
    assertEquals(RunSummary.Outcome.DONE, summary.outcome());
    assertEquals(0, summary.recompiles());
  }

  private void assertSame(String one, String other) throws IOException {
    for (String key : List.of("loss", "eval_loss", "grad_norm")) {
      double[] expected = tiny.figures(one, key);
      double[] got = tiny.figures(other, key);
      assertEquals(expected.length, got.length, key);
      assertTrue(expected.length > 0, key);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], got[i], TOLERANCE * Math.abs(expected[i]), key + " " + i);
      }
    }
    try (SafetensorsFile expected = SafetensorsFile.open(model(one));
        SafetensorsFile got = SafetensorsFile.open(model(other))) {
      assertEquals(expected.tensors().keySet(), got.tensors().keySet());
      expected
          .tensors()
          .forEach((name, tensor) -> {
            float[] values = tensor.toFloats();
            float[] others = got.tensor(name).toFloats();
            float largest = 0;
            for (float value : values) {
              largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < values.length; i++) {
              assertEquals(values[i], others[i], TOLERANCE * 10 * largest, name + " " + i);
            }
          });
    }
  }

  private Path model(String output) {
    return tiny.path(output).resolve("final").resolve("model.safetensors");
  }

  /** A run interrupted on eight devices goes on, on fewer, as the uninterrupted one does. */
  @Test
  void checkpointsMoveBetweenMeshes() throws IOException {
    List<String> common = common("llama", false);
    run("one", 8, common);
    List<String> eight = new ArrayList<>(common);
    eight.addAll(
        List.of(
            "sharding_strategy",
            "fsdp",
            "cpu_device_count",
            "8",
            "save_strategy",
            "steps",
            "save_steps",
            "4"));
    run("mesh", 1, eight);
    for (int devices : new int[] {1, 2, 4}) {
      List<String> fewer = new ArrayList<>(common);
      fewer.addAll(
          List.of(
              "mesh.fsdp",
              Integer.toString(devices),
              "resume_from_checkpoint",
              tiny.path("mesh").resolve("checkpoint-4").toString()));
      run("fewer" + devices, 8 / devices, fewer);
      assertSame("one", "fewer" + devices);
    }
  }

  /** What a recipe says of devices that cannot be is told before anything is trained. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mesh.tensor=3           | 'mesh': weight 'model.embed_tokens.weight'
          parameter_axis_rules=foo=fsdp | 'parameter_axis_rules': expected axes that arrays have
          parameter_axis_rules=embed=fsdp,mlp=fsdp | take it out of one of the two rules
          offload_optimizer=host  | 'offload_optimizer': expected devices with a memory beside
          """)
  void tellsWhatCannotBe(String setting, String message) throws IOException {
    List<String> options = new ArrayList<>(common("llama", false));
    int at = setting.indexOf('=');
    options.addAll(List.of("mesh.fsdp", "2", setting.substring(0, at), setting.substring(at + 1)));
    ConfigException failure = assertThrows(ConfigException.class, () -> run("refused", 1, options));
    assertTrue(String.valueOf(failure.getMessage()).contains(message), failure::getMessage);
  }
}
