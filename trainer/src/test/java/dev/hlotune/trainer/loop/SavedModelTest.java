package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.checkpoint.ModelWeights;
import dev.hlotune.trainer.checkpoint.StorageType;
import dev.hlotune.trainer.checkpoint.TensorEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The number format and the files of the weights that a run leaves. */
final class SavedModelTest {
  @TempDir Path folder;
  private TinyRun tiny;

  @BeforeEach
  void device() {
    TestClient.get();
    tiny = new TinyRun(folder);
  }

  private Path run(String output, String... more) throws IOException {
    List<String> options =
        new ArrayList<>(List.of("output_dir", tiny.path(output).toString(), "max_steps", "1"));
    options.addAll(List.of(more));
    SftRun.run(
        SftRecipe.read(tiny.options(options.toArray(String[]::new))).config(),
        _ -> {},
        new AtomicBoolean());
    return tiny.path(output).resolve("final");
  }

  private static Set<StorageType> types(Path model) throws IOException {
    try (ModelWeights weights = ModelWeights.open(model)) {
      return weights.tensors().values().stream().map(TensorEntry::type).collect(Collectors.toSet());
    }
  }

  /** A step so small that it moves no weight: what comes out is what went in. */
  @Test
  void aBaseInBfloat16ComesBackAsItWas() throws IOException {
    Path base = run("base", "save_dtype", "bfloat16");
    assertEquals(Set.of(StorageType.BF16), types(base));
    assertEquals("bfloat16", ModelDirectory.readConfig(base).get("dtype"));
    for (String scan : List.of("false", "true")) {
      String output = "again-" + scan;
      Path again =
          run(
              output,
              "model_name_or_path",
              base.toString(),
              "learning_rate",
              "1e-30",
              "max_shard_size",
              "10KB",
              "scan_layers",
              scan);
      assertTrue(Files.exists(again.resolve("model.safetensors.index.json")));
      assertTrue(Files.exists(again.resolve("model-00002-of-00002.safetensors")));
      try (ModelWeights before = ModelWeights.open(base);
          ModelWeights after = ModelWeights.open(again)) {
        assertEquals(before.tensors().keySet(), after.tensors().keySet());
        before
            .tensors()
            .forEach((name, entry) -> {
              TensorEntry other = after.find(name).orElseThrow();
              assertEquals(entry.type(), other.type(), name);
              assertEquals(-1, entry.data().mismatch(other.data()), name);
            });
      }
      for (String file : List.of("config.json", "tokenizer.json")) {
        assertArrayEquals(
            Files.readAllBytes(base.resolve(file)), Files.readAllBytes(again.resolve(file)), file);
      }
    }
    assertEquals(
        Set.of(StorageType.F32),
        types(run("wide", "model_name_or_path", base.toString(), "save_dtype", "float32")));
  }
}
