package dev.hlotune.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
  void namesAShardThatIsCutShortAndTheTensorInIt() throws IOException {
    Path sharded = Fixtures.path("safetensors/sharded");
    String second = "model-00002-of-00002.safetensors";
    for (String file : List.of(ModelWeights.INDEX, "model-00001-of-00002.safetensors", second)) {
      Files.copy(sharded.resolve(file), folder.resolve(file));
    }
    byte[] whole = Files.readAllBytes(folder.resolve(second));
    Files.write(folder.resolve(second), Arrays.copyOf(whole, whole.length - 1));
    assertProblem(
        second
            + ": tensor 'transformer.ln_f.weight': data: expected bytes 0 to 12 after the header, got 11 bytes in all; the file is cut short");
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
      Map<String, TensorEntry> found =
          weights.match(Map.of("transformer.wpe.weight", List.of(2L)), Map.of());
      TensorEntry entry = found.get("transformer.wpe.weight");
      assertEquals("transformer.wpe.weight", entry == null ? "" : entry.name());
    }
  }

  @Test
  void namesWhatDoesNotFitAndTheNearest() throws IOException {
    assertMismatch(
        List.of(floats("model.embed.weight", 1, 2), floats("model.norm.wieght", 1)),
        Map.of(),
        "'model.embed.weight' of [2], not [1],"
            + " no 'model.norm.weight' (the nearest is 'model.norm.wieght'),"
            + " 'model.norm.wieght' as well (the nearest is 'model.norm.weight')");
  }

  /** A bias that no key of the configuration speaks of must not be left out in silence. */
  @Test
  void refusesWeightsThatTheModelHasNot() throws IOException {
    assertMismatch(
        List.of(
            floats("model.embed.weight", 1),
            floats("model.norm.weight", 1),
            floats("model.norm.bias", 1),
            floats("model.layers.0.self_attn.rotary_emb.inv_freq", 1),
            floats("transformer.h.0.attn.masked_bias", 1)),
        Map.of(),
        "'model.norm.bias' as well (the nearest is 'model.norm.weight')");
  }

  @Test
  void aTiedHeadHasToBeTheEmbedding() throws IOException {
    Map<String, String> tied = Map.of("lm_head.weight", "model.embed.weight");
    List<TensorEntry> weights =
        List.of(floats("model.embed.weight", 1), floats("model.norm.weight", 1));
    List<TensorEntry> equal = new ArrayList<>(weights);
    equal.add(floats("lm_head.weight", 1));
    SafetensorsWriter.write(folder.resolve(ModelWeights.SINGLE), equal);
    try (ModelWeights files = ModelWeights.open(folder)) {
      assertEquals(EXPECTED.keySet(), files.match(EXPECTED, tied).keySet());
    }
    List<TensorEntry> other = new ArrayList<>(weights);
    other.add(floats("lm_head.weight", 2));
    assertMismatch(
        other, tied, "'lm_head.weight' unlike 'model.embed.weight', to which it is tied");
    assertMismatch(
        other, Map.of(), "'lm_head.weight' as well (the nearest is 'model.embed.weight')");
  }

  @Test
  void refusesWeightsThatAreNoFloats() throws IOException {
    TensorEntry bytes =
        new TensorEntry(
            "model.embed.weight", StorageType.I8, List.of(1L), MemorySegment.ofArray(new byte[1]));
    assertMismatch(
        List.of(bytes, floats("model.norm.weight", 1)),
        Map.of(),
        "'model.embed.weight' of I8, not floats");
  }

  @Test
  void namesEightProblemsAndCountsTheOthers() throws IOException {
    List<TensorEntry> tensors = new ArrayList<>();
    EXPECTED.keySet().forEach(name -> tensors.add(floats(name, 1)));
    String nearest = "' as well (the nearest is 'model.norm.weight')";
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tensors.add(floats("model.norm." + i, 1));
      problems.add("'model.norm." + i + nearest);
    }
    assertMismatch(tensors, Map.of(), String.join(", ", problems.subList(0, 8)) + " and 2 more");
  }

  private static final Map<String, List<Long>> EXPECTED =
      new TreeMap<>(Map.of("model.embed.weight", List.of(1L), "model.norm.weight", List.of(1L)));

  private static TensorEntry floats(String name, float... values) {
    return TensorEntry.ofFloats(name, List.of((long) values.length), values);
  }

  private void assertMismatch(List<TensorEntry> tensors, Map<String, String> copies, String problem)
      throws IOException {
    SafetensorsWriter.write(folder.resolve(ModelWeights.SINGLE), tensors);
    try (ModelWeights weights = ModelWeights.open(folder)) {
      DataException e = assertThrows(DataException.class, () -> weights.match(EXPECTED, copies));
      String message = String.valueOf(e.getMessage());
      String start = "weights: expected the 2 tensors of the model in 'config.json', got ";
      assertEquals(problem, message.substring(message.indexOf(start) + start.length()));
    }
  }

  private void assertProblem(String part) {
    DataException e = assertThrows(DataException.class, () -> ModelWeights.open(folder).close());
    assertTrue(String.valueOf(e.getMessage()).contains(part), e.getMessage());
  }
}
