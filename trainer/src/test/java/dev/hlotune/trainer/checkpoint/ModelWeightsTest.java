package dev.hlotune.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelWeightsTest {
  @TempDir Path folder;

  @Test
  void readsShardsThroughTheIndex() throws IOException {
    try (ModelWeights weights = ModelWeights.open(Fixtures.path("safetensors/sharded"))) {
      assertEquals(
          Set.of("transformer.wte.weight", "transformer.ln_f.weight", "transformer.ln_f.bias"),
          weights.tensors().keySet());
      assertArrayEquals(
          new float[] {4, 5, 6}, weights.find("transformer.ln_f.weight").orElseThrow().toFloats());
    }
  }

  @Test
  void namesAShardThatIsMissing() throws IOException {
    Path sharded = Fixtures.path("safetensors/sharded");
    String first = "model-00001-of-00002.safetensors";
    Files.copy(sharded.resolve(ModelWeights.INDEX), folder.resolve(ModelWeights.INDEX));
    Files.copy(sharded.resolve(first), folder.resolve(first));
    assertProblem("expected the shard 'model-00002-of-00002.safetensors' in the folder, got none");
    Files.copy(sharded.resolve(first), folder.resolve("model-00002-of-00002.safetensors"));
    assertProblem(
        "tensor 'transformer.ln_f.weight': expected in the file, got 2 others; the nearest name is 'transformer.wte.weight'");
  }

  @Test
  void refusesAnIndexThatLeavesTheFolderOrIsNone() throws IOException {
    Path index = folder.resolve(ModelWeights.INDEX);
    Files.writeString(index, "{\"weight_map\": {\"w\": \"../elsewhere.safetensors\"}}");
    assertProblem("expected files of the same folder, got '../elsewhere.safetensors'");
    Files.writeString(index, "{}");
    assertProblem("'weight_map': expected an object of file names, got none");
    Files.writeString(index, "{\n\"weight_map\": \n");
    assertProblem("model.safetensors.index.json:");
  }

  @Test
  void saysThatThereAreNoWeights() throws IOException {
    Files.writeString(folder.resolve("pytorch_model.bin"), "");
    assertProblem(
        "expected 'model.safetensors' or 'model.safetensors.index.json' in the folder, got neither; save the model with safetensors");
  }

  @Test
  void matchesNamesWithoutTheHeadModelsPrefix() throws IOException {
    SafetensorsWriter.write(
        folder.resolve(ModelWeights.SINGLE),
        List.of(
            TensorEntry.ofFloats("wpe.weight", List.of(2L), new float[] {1, 2}),
            TensorEntry.ofFloats("h.0.attn.bias", List.of(1L), new float[] {0})));
    try (ModelWeights weights = ModelWeights.open(folder)) {
      Map<String, TensorEntry> found = weights.match(Map.of("transformer.wpe.weight", List.of(2L)));
      TensorEntry entry = found.get("transformer.wpe.weight");
      assertEquals("transformer.wpe.weight", entry == null ? "" : entry.name());
      Map<String, List<Long>> other = new LinkedHashMap<>();
      other.put("transformer.wpe.weight", List.of(3L));
      other.put("transformer.wte.weight", List.of(3L));
      DataException e = assertThrows(DataException.class, () -> weights.match(other));
      assertTrue(
          String.valueOf(e.getMessage())
              .contains(
                  "expected the 2 tensors of the model in 'config.json', got 'transformer.wpe.weight' has [2], not [3], 'transformer.wte.weight' is missing"),
          e.getMessage());
    }
  }

  private void assertProblem(String part) {
    DataException e = assertThrows(DataException.class, () -> ModelWeights.open(folder).close());
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }
}
