package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.generate.Generated;
import dev.hlotune.trainer.generate.GenerationSettings;
import dev.hlotune.trainer.loop.OpenedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands for a model on the command line. */
final class ModelArgumentsTest {
  @TempDir Path folder;

  @Test
  void anAdaptersBaseIsTheModel() throws IOException {
    Files.createDirectories(folder.resolve("base"));
    Path adapter = Files.createDirectories(folder.resolve("adapter"));
    Files.writeString(
        adapter.resolve("adapter_config.json"),
        """
        {"peft_type": "LORA", "base_model_name_or_path": "../base", "r": 2, "lora_alpha": 4,
         "target_modules": ["q_proj"]}
        """);
    List<String> keys = ModelArguments.keys(adapter.toString(), List.of("--dtype", "bfloat16"));
    assertEquals(
        List.of(
            "--model_name_or_path",
            folder.resolve("base").toString(),
            "--use_peft",
            "true",
            "--adapter_name_or_path",
            adapter.toString(),
            "--dtype",
            "bfloat16"),
        keys);
    Files.writeString(adapter.resolve("tokenizer.json"), "{}");
    assertEquals(
        List.of("--tokenizer_name_or_path", adapter.toString()),
        ModelArguments.keys(adapter.toString(), List.of()).subList(6, 8));
    assertEquals(
        List.of("--model_name_or_path", "owner/name"),
        ModelArguments.keys("owner/name", List.of()));
  }

  /** Token for token what PEFT's model answers. */
  @ParameterizedTest
  @ValueSource(strings = {"llama-dora", "gpt2-head"})
  void anAdapterIsAsked(String name) throws IOException {
    TestClient.get();
    List<String> keys =
        ModelArguments.keys(
            Fixtures.path("adapters/" + name).toString(),
            List.of(
                "--tokenizer_name_or_path",
                Fixtures.path("data/tokenizer").toString(),
                "--cache_dir",
                TinyRun.CACHE.toString()));
    SftConfig config = SftRecipe.read(ModelArguments.withoutData(keys)).config();
    JsonNode recorded =
        new JsonMapper().readTree(Fixtures.text("generation/adapters.json")).get(name);
    try (OpenedModel model = OpenedModel.open(config, _ -> {})) {
      List<int[]> prompts = rows(recorded.get("prompts"));
      List<Generated> answers =
          model.generate(
              prompts,
              GenerationSettings.greedy(32, Set.of()),
              Optional.empty(),
              new AtomicBoolean());
      List<int[]> expected = rows(recorded.get("answers"));
      assertTrue(expected.size() > 2);
      for (int i = 0; i < expected.size(); i++) {
        assertEquals(Arrays.toString(expected.get(i)), Arrays.toString(answers.get(i).tokens()));
      }
    }
  }

  private static List<int[]> rows(JsonNode lists) {
    List<int[]> rows = new ArrayList<>();
    for (JsonNode list : lists) {
      int[] row = new int[list.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = list.get(i).intValue();
      }
      rows.add(row);
    }
    return rows;
  }
}
