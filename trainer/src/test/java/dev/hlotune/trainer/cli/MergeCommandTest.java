package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Recorded;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeCommandTest {
  @TempDir Path folder;

  private static String adapter(String name) {
    return Fixtures.path("adapters/" + name).toString();
  }

  private Captured run(int code, String... arguments) {
    Captured captured = Captured.plain();
    assertEquals(code, Main.run(captured.console(), arguments), captured.err());
    return captured;
  }

  /** The base is found by its path from the adapter. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama-dora", "llama-saved", "phi3"})
  void mergesAsPeftDoes(String name) throws IOException {
    Path out = folder.resolve("out");
    String said = run(0, "merge", adapter(name), "--output_dir", out.toString()).out();
    Map<String, Recorded> recorded = Fixtures.tensors("adapters/" + name + "/recorded.safetensors");
    Path base =
        Fixtures.path("models/" + Fixtures.json("adapters/" + name + "/case.json").get("base"));
    int changed = 0;
    try (SafetensorsFile before = SafetensorsFile.open(base.resolve("model.safetensors"));
        SafetensorsFile after = SafetensorsFile.open(out.resolve("model.safetensors"))) {
      assertEquals(before.tensors().keySet(), after.tensors().keySet());
      for (String tensor : before.tensors().keySet()) {
        Recorded merged = recorded.get("merged." + tensor);
        if (merged == null) {
          assertEquals(-1, before.tensor(tensor).data().mismatch(after.tensor(tensor).data()));
        } else {
          changed++;
          assertArrayEquals(merged.floats(), after.tensor(tensor).toFloats(), 1e-6f, tensor);
        }
      }
    }
    assertTrue(said.startsWith("merged " + changed + " weights of "), said);
    assertEquals(
        Files.readString(base.resolve("config.json")),
        Files.readString(out.resolve("config.json")));
  }

  @Test
  void takesAwayWhatWasMerged() throws IOException {
    Path merged = folder.resolve("merged");
    Path again = folder.resolve("again");
    run(0, "merge", adapter("gpt2"), "--output_dir", merged.toString());
    String[] arguments = {
      "merge",
      adapter("gpt2"),
      "--model_name_or_path=" + merged,
      "--unmerge",
      "--output_dir=" + again,
      "--max_shard_size=20KB"
    };
    run(0, arguments);
    assertTrue(Files.exists(again.resolve("model.safetensors.index.json")));
    try (SafetensorsFile before =
            SafetensorsFile.open(Fixtures.path("models/gpt2/model.safetensors"));
        ModelWeights after = ModelWeights.open(again)) {
      before
          .tensors()
          .forEach((name, tensor) ->
              assertArrayEquals(
                  tensor.toFloats(), after.find(name).orElseThrow().toFloats(), 1e-6f, name));
    }
  }

  @Test
  void aHeadThatWasTheEmbeddingGetsAWeightOfItsOwn() throws IOException {
    Path out = folder.resolve("out");
    run(0, "merge", adapter("gpt2-head"), "--output_dir", out.toString());
    assertEquals(
        false, ModelDirectory.readConfig(out.resolve("config.json")).get("tie_word_embeddings"));
    try (SafetensorsFile after = SafetensorsFile.open(out.resolve("model.safetensors"))) {
      float[] head = after.tensor("lm_head.weight").toFloats();
      float[] embedding = after.tensor("transformer.wte.weight").toFloats();
      assertEquals(embedding.length, head.length);
      assertFalse(Arrays.equals(embedding, head));
    }
  }

  @Test
  void whatCannotBeMergedIsSaid() throws IOException {
    Path out = folder.resolve("out");
    String to = "--output_dir=" + out;
    assertTrue(run(3, "merge", adapter("llama-dora"), "--unmerge", to).err().contains("use_dora"));
    assertTrue(
        run(3, "merge", adapter("llama-saved"), "--unmerge", to)
            .err()
            .contains("no weights that it replaced"));
    assertTrue(run(3, "merge", adapter("gpt2-head"), "--unmerge", to).err().contains("tied"));
    assertTrue(
        run(
                3,
                "merge",
                adapter("gpt2"),
                to,
                "--model_name_or_path=" + Fixtures.path("models/gpt2-variant"))
            .err()
            .contains("another base"));
    assertTrue(
        run(3, "merge", folder.toString(), to)
            .err()
            .contains("a folder with 'adapter_config.json'"));
    assertTrue(
        run(2, "merge", adapter("gpt2"), to, "--max_shard_size=much").err().contains("a size of"));
    assertFalse(Files.exists(out));
    Files.createDirectories(out);
    Files.writeString(out.resolve("mine.txt"), "mine");
    assertTrue(run(2, "merge", adapter("gpt2"), to).err().contains("empty or not there"));
    assertEquals(List.of("mine"), Files.readAllLines(out.resolve("mine.txt")));
  }
}
