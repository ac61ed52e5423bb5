package dev.hlotune.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.hlo.Remat;
import dev.hlotune.hlo.models.CausalModel;
import dev.hlotune.hlo.models.Families;
import dev.hlotune.hlo.models.Layout;
import dev.hlotune.hlo.models.ModelConfig;
import dev.hlotune.hlo.nn.Layering;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.RecordedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards against those that {@code record_scores.py} had {@code save_pretrained} write. */
class ShardsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2",
        "gpt2-variant",
        "llama",
        "llama-variant",
        "mistral",
        "qwen2",
        "qwen3",
        "gemma2",
        "gemma3",
        "phi3",
        "smollm3",
        "nanochat-transformers"
      })
  void areThoseOfTransformersByteForByte(String name) throws Exception {
    RecordedModel recorded = Fixtures.model(name);
    CausalModel model =
        Families.of(new ModelConfig(recorded.config()), new Layout(Layering.UNROLL, Remat.NOTHING));
    JsonNode expected =
        new JsonMapper().readTree(Fixtures.path("scores/shards.json").toFile()).path(name);
    assertEquals("12KB", expected.path("max_shard_size").textValue());
    try (ModelWeights weights = ModelWeights.open(recorded.directory())) {
      List<TensorEntry> tensors = new ArrayList<>();
      for (String tensor : model.parameters().names()) {
        tensors.add(Objects.requireNonNull(weights.tensors().get(tensor), tensor));
      }
      Shards.write(folder, tensors, 12_000);
    }
    assertEquals(
        expected.path("index").textValue(), Files.readString(folder.resolve(ModelWeights.INDEX)));
    assertTrue(expected.path("shards").size() > 1);
    try (var files = Files.list(folder)) {
      assertEquals(expected.path("shards").size() + 1, files.count());
    }
    for (var shard : expected.path("shards").properties()) {
      assertEquals(
          shard.getValue().textValue(), sha256(folder.resolve(shard.getKey())), shard.getKey());
    }
    try (ModelWeights again = ModelWeights.open(folder);
        ModelWeights whole = ModelWeights.open(recorded.directory())) {
      whole
          .tensors()
          .forEach((tensor, entry) ->
              assertEquals(
                  -1, entry.data().mismatch(again.find(tensor).orElseThrow().data()), tensor));
    }
  }

  @Test
  void oneFileNeedsNoIndex() throws IOException {
    TensorEntry tensor = TensorEntry.ofFloats("w", List.of(3L), new float[] {1, 2, 3});
    Shards.write(folder, List.of(tensor), 12);
    assertTrue(Files.exists(folder.resolve(ModelWeights.SINGLE)));
    try (var files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
