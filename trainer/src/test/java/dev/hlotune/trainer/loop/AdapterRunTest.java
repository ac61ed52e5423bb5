package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.pjrt.Handles;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.adapter.AdapterMerge;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import dev.hlotune.trainer.score.Scoring;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that train adapters, and what they leave. */
class AdapterRunTest {
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
    List<String> all = new ArrayList<>(List.of("output_dir", tiny.path(output).toString()));
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

  /** Trains a whole model that adapters can be trained on. */
  private String base() throws IOException {
    run("base");
    return tiny.path("base/final").toString();
  }

  @Test
  void leavesAnAdapterAndNoModel() throws IOException {
    String base = base();
    RunSummary summary =
        run(
            "out",
            "model_name_or_path",
            base,
            "use_peft",
            "true",
            "lora_r",
            "4",
            "lora_target_modules",
            "all-linear",
            "lora_dropout",
            "0");
    assertEquals(8, summary.steps());
    double[] losses = tiny.figures("out", "loss");
    assertTrue(losses[losses.length - 1] < losses[0], () -> Arrays.toString(losses));
    Path left = tiny.path("out/final");
    assertFalse(Files.exists(left.resolve("config.json")));
    assertFalse(Files.exists(left.resolve("model.safetensors")));
    assertTrue(Files.exists(left.resolve("tokenizer.json")));
    assertEquals(
        base,
        ModelDirectory.readConfig(left.resolve("adapter_config.json"))
            .get("base_model_name_or_path"));
    try (SafetensorsFile file = SafetensorsFile.open(left.resolve("adapter_model.safetensors"))) {
      assertEquals(14, file.tensors().size());
      assertEquals(
          List.of(4L, 16L),
          file.tensor("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight").shape());
    }
    RunPlan plan =
        events.stream()
            .filter(RunEvent.Planned.class::isInstance)
            .map(event -> ((RunEvent.Planned) event).plan())
            .findFirst()
            .orElseThrow();
    assertEquals(
        "trainable params: 1,024 || all params: 11,568 || trainable%: 8.8520",
        plan.trained().getFirst());
  }

  @Test
  void roomForGreaterRanksChangesNothing() throws IOException {
    String base = base();
    String[] common = {
      "model_name_or_path", base, "use_peft", "true", "lora_r", "2", "lora_dropout", "0"
    };
    run("own", common);
    List<String> wider = new ArrayList<>(List.of(common));
    wider.addAll(List.of("lora_max_rank", "5"));
    run("room", wider.toArray(String[]::new));
    assertArrayEquals(tiny.figures("own", "loss"), tiny.figures("room", "loss"), 1e-6);
    try (SafetensorsFile own = adapter("own");
        SafetensorsFile room = adapter("room")) {
      assertEquals(own.tensors().keySet(), room.tensors().keySet());
      own.tensors()
          .forEach((name, tensor) -> {
            assertEquals(tensor.shape(), room.tensor(name).shape());
            assertArrayEquals(tensor.toFloats(), room.tensor(name).toFloats(), 1e-5f);
          });
    }
  }

  private SafetensorsFile adapter(String output) throws IOException {
    return SafetensorsFile.open(tiny.path(output + "/final/adapter_model.safetensors"));
  }

  @Test
  void differentRanksShareAProgram() throws IOException {
    String base = base();
    for (String rank : List.of("1", "2", "3")) {
      run(
          "rank" + rank,
          "model_name_or_path",
          base,
          "use_peft",
          "true",
          "lora_r",
          rank,
          "lora_alpha",
          "4",
          "lora_dropout",
          "0." + rank,
          "lora_max_rank",
          "3");
      RunEvent.Compiled compiled =
          events.stream()
              .filter(RunEvent.Compiled.class::isInstance)
              .map(RunEvent.Compiled.class::cast)
              .findFirst()
              .orElseThrow();
      assertEquals(
          rank.equals("1") ? compiled.fromCache() : compiled.programs(), compiled.fromCache());
    }
  }

  @Test
  void goesOnWithAnAdapter() throws IOException {
    String base = base();
    String[] common = {"model_name_or_path", base, "lora_r", "2", "use_peft", "true"};
    run("first", common);
    double[] first = tiny.figures("first", "loss");
    run(
        "second",
        "model_name_or_path",
        base,
        "adapter_name_or_path",
        tiny.path("first/final").toString());
    double[] second = tiny.figures("second", "loss");
    assertTrue(second[0] < first[0], "goes on where it was");
  }

  @Test
  void aMergedModelIsWhole() throws IOException {
    String base = base();
    String[] options = {
      "model_name_or_path", base, "use_peft", "true", "lora_dropout", "0", "use_dora", "true"
    };
    run("apart", options);
    List<String> merged = new ArrayList<>(List.of(options));
    merged.addAll(List.of("merge_lora_before_save", "true"));
    run("merged", merged.toArray(String[]::new));
    try (SafetensorsFile before = SafetensorsFile.open(Path.of(base, "model.safetensors"));
        SafetensorsFile after = SafetensorsFile.open(tiny.path("merged/final/model.safetensors"))) {
      assertEquals(before.tensors().keySet(), after.tensors().keySet());
      TreeSet<String> changed = new TreeSet<>();
      before
          .tensors()
          .forEach((name, tensor) -> {
            if (!Arrays.equals(tensor.toFloats(), after.tensor(name).toFloats())) {
              changed.add(name);
            }
          });
      assertEquals(
          new TreeSet<>(
              List.of(
                  "model.layers.0.self_attn.q_proj.weight",
                  "model.layers.0.self_attn.v_proj.weight")),
          changed);
    }
  }

  /** GPT-2 stores its layers {@code [in, out]}, and a scanned model names a whole stack. */
  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,false"})
  void aModelMergedAtTheEndIsThatOfItsAdapter(String scan, String dora) throws IOException {
    run("base", "model_name_or_path", tiny.model("gpt2", TinyRun.GPT2).toString());
    Path base = tiny.path("base/final");
    String[] options = {
      "model_name_or_path",
      base.toString(),
      "use_peft",
      "true",
      "use_dora",
      dora,
      "lora_dropout",
      "0",
      "lora_target_modules",
      "c_attn,c_proj",
      "scan_layers",
      scan
    };
    run("apart", options);
    List<String> merged = new ArrayList<>(List.of(options));
    merged.addAll(List.of("merge_lora_before_save", "true"));
    run("merged", merged.toArray(String[]::new));
    new AdapterMerge(base, tiny.path("apart/final"), false)
        .write(tiny.path("later"), Long.MAX_VALUE);
    try (SafetensorsFile atTheEnd =
            SafetensorsFile.open(tiny.path("merged/final/model.safetensors"));
        SafetensorsFile later = SafetensorsFile.open(tiny.path("later/model.safetensors"))) {
      assertEquals(later.tensors().keySet(), atTheEnd.tensors().keySet());
      later
          .tensors()
          .forEach((name, tensor) ->
              assertArrayEquals(tensor.toFloats(), atTheEnd.tensor(name).toFloats(), 1e-6f, name));
    }
  }

  /** A Llama whose layers have a multiple of 64 inputs. */
  private String wideBase() throws IOException {
    String config =
        TinyRun.LLAMA
            .replace("\"hidden_size\": 16", "\"hidden_size\": 64")
            .replace("\"intermediate_size\": 32", "\"intermediate_size\": 64")
            .replace("\"num_hidden_layers\": 1", "\"num_hidden_layers\": 2");
    run("base", "model_name_or_path", tiny.model("wide", config).toString(), "max_steps", "40");
    return tiny.path("base/final").toString();
  }

  @ParameterizedTest
  @CsvSource({
    "load_in_4bit,false,float32",
    "load_in_4bit,true,bfloat16",
    "load_in_8bit,true,float32",
    "load_in_8bit,false,float32"
  })
  void learnsBesideABaseInFewBits(String bits, String scan, String dtype) throws IOException {
    String base = wideBase();
    String[] options = {
      "model_name_or_path", base,
      "use_peft", "true",
      "lora_dropout", "0",
      "lora_target_modules", "all-linear",
      "scan_layers", scan,
      "dtype", dtype,
      "max_steps", "12"
    };
    run("whole", options);
    List<String> few = new ArrayList<>(List.of(options));
    few.addAll(List.of(bits, "true"));
    run("few", few.toArray(String[]::new));
    double[] whole = tiny.figures("whole", "loss");
    double[] held = tiny.figures("few", "loss");
    for (int i = 0; i < whole.length; i++) {
      // Not the same, but near: the base is a little another one.
      assertEquals(whole[i], held[i], 0.05 + 0.2 * whole[i], "line " + i);
      assertTrue(whole[i] != held[i]);
    }
    few.addAll(List.of("merge_lora_before_save", "true"));
    run("merged", few.toArray(String[]::new));
    try (SafetensorsFile before = SafetensorsFile.open(Path.of(base, "model.safetensors"));
        SafetensorsFile after = SafetensorsFile.open(tiny.path("merged/final/model.safetensors"))) {
      assertEquals(before.tensors().keySet(), after.tensors().keySet());
      String frozen = "model.layers.1.post_attention_layernorm.weight";
      assertEquals(-1, before.tensor(frozen).data().mismatch(after.tensor(frozen).data()));
    }
  }

  @Test
  void aModelThatCannotBeHeldInFourBitsIsRefused() throws IOException {
    String base = base();
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                run("out", "model_name_or_path", base, "use_peft", "true", "load_in_4bit", "true"));
    assertTrue(String.valueOf(e.getMessage()).contains("multiple of 64 inputs"), e.getMessage());
    ConfigException none =
        assertThrows(
            ConfigException.class, () -> run("out", "use_peft", "true", "load_in_8bit", "true"));
    assertTrue(String.valueOf(none.getMessage()).contains("a model with weights"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          lora_target_modules=nothing | "nothing"; an embedding can be trained whole
          lora_target_modules=^x.*y$  | which matches none of
          lora_target_modules=embed_tokens,q_proj | "embed_tokens"; an embedding
          lora_modules_to_save=embed_tokens | expected no embedding that the head is tied to
          lora_modules_to_save=nowhere | expected modules of the model, got "nowhere"
          """)
  void whatDoesNotFitTheModelIsSaidBeforeAnythingIsCompiled(String option, String message) {
    String[] pair = option.split("=", 2);
    DataException e =
        assertThrows(DataException.class, () -> run("out", "use_peft", "true", pair[0], pair[1]));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
    assertTrue(events.stream().noneMatch(RunEvent.Planned.class::isInstance));
  }

  /** Scores with an adapter are those of the merged model. */
  @Test
  void anAdapterIsScoredAsItsMergedModel() throws IOException {
    String base = base();
    run("out", "model_name_or_path", base, "use_peft", "true", "lora_alpha", "64");
    String adapter = tiny.path("out/final").toString();
    new AdapterMerge(Path.of(base), Path.of(adapter), false)
        .write(tiny.path("merged"), Long.MAX_VALUE);
    List<float[]> beside = scores("model_name_or_path", base, "adapter_name_or_path", adapter);
    List<float[]> merged = scores("model_name_or_path", tiny.path("merged").toString());
    List<float[]> without = scores("model_name_or_path", base);
    assertEquals(8, beside.size());
    for (int i = 0; i < beside.size(); i++) {
      assertArrayEquals(merged.get(i), beside.get(i), 1e-4f);
      assertFalse(Arrays.equals(without.get(i), beside.get(i)));
    }
    DataException e =
        assertThrows(DataException.class, () -> scores("model_name_or_path", adapter));
    assertTrue(String.valueOf(e.getMessage()).contains("got an adapter"), e.getMessage());
  }

  private List<float[]> scores(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("dataset_name", tiny.path("heldout.jsonl").toString()));
    List<float[]> scores = new ArrayList<>();
    Scoring.run(
        SftRecipe.read(tiny.options(all.toArray(String[]::new))).config(),
        RunObserver.NONE,
        score -> scores.add(score.logprobs()));
    return scores;
  }

  @Test
  void anAdapterOfAnotherModelIsRefused() throws IOException {
    run("first", "use_peft", "true");
    tiny.model("wider", TinyRun.LLAMA.replace("\"hidden_size\": 16", "\"hidden_size\": 32"));
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                run(
                    "second",
                    "model_name_or_path",
                    tiny.path("wider").toString(),
                    "adapter_name_or_path",
                    tiny.path("first/final").toString()));
    assertTrue(String.valueOf(e.getMessage()).contains("another base"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          use_peft=true | expected 'model.embed_tokens.weight' to be trained
          frozen_parameters=embed | take it out of 'frozen_parameters'
          """)
  void rowsOfNewTokensHaveToBeTrained(String option, String message) throws IOException {
    String base = base();
    String[] pair = option.split("=", 2);
    ConfigException e =
        assertThrows(
            ConfigException.class,
            () ->
                run(
                    "out",
                    "model_name_or_path",
                    base,
                    "additional_special_tokens",
                    "<|new|>",
                    "resize_token_embeddings_multiple_of",
                    "1024",
                    pair[0],
                    pair[1]));
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }

  @Test
  void newTokensAreTrainedAndMerged() throws IOException {
    String base = base();
    String[] options = {
      "model_name_or_path", base,
      "use_peft", "true",
      "resize_token_embeddings_multiple_of", "1024",
      "lora_modules_to_save", "embed_tokens",
      "merge_lora_before_save", "true"
    };
    run("out", options);
    try (SafetensorsFile file = SafetensorsFile.open(tiny.path("out/final/model.safetensors"))) {
      assertEquals(List.of(1024L, 16L), file.tensor("model.embed_tokens.weight").shape());
    }
    assertEquals(
        1024, ModelDirectory.readConfig(tiny.path("out/final/config.json")).get("vocab_size"));
    String[] apart = options.clone();
    apart[apart.length - 1] = "false";
    assertThrows(DataException.class, () -> run("apart", apart));
  }

  @Test
  void keysOfAdaptersWantOne() {
    ConfigException e = assertThrows(ConfigException.class, () -> run("out", "lora_r", "8"));
    assertTrue(
        String.valueOf(e.getMessage()).contains("'lora_r': expected 'use_peft: true' beside it"),
        e.getMessage());
  }
}
