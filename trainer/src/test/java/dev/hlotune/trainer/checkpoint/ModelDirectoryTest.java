package dev.hlotune.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelDirectoryTest {
  private static final String BASE_CONFIG =
      """
      {"model_type": "gpt2",
       "architectures": ["GPT2LMHeadModel"], "layer_norm_epsilon": 1e-05, "torch_dtype": "float32",
       "vocab_size": 3, "eos_token_id": 2, "something_own": {"kept": [1, null]}}
      """;
  private static final SpecialTokens END_IS_TWO =
      new SpecialTokens(Optional.empty(), List.of(2), Optional.empty());

  @TempDir Path folder;
  private Path base = Path.of("");
  private Path target = Path.of("");

  @BeforeEach
  void writeBase() throws IOException {
    base = Files.createDirectories(folder.resolve("base"));
    target = folder.resolve("run/final");
    Files.writeString(base.resolve("config.json"), BASE_CONFIG);
    Files.writeString(base.resolve("tokenizer.json"), "{ \"untouched\" :1}");
    Files.writeString(base.resolve("merges.txt"), "a b\r\n");
    assertTrue(base.resolve("merges.txt").toFile().setWritable(false));
    Files.writeString(base.resolve("chat_template.jinja"), "old");
    Files.writeString(base.resolve("generation_config.json"), "{\"temperature\": 0.6}");
    Files.writeString(base.resolve("model.safetensors"), "replaced");
    Files.writeString(base.resolve("training_args.bin"), "not copied");
  }

  @Test
  void copiesTheConfigUntouchedWhenNothingChanged() throws IOException {
    ModelDirectory.write(target, export(base, Map.of(), Optional.of(base), END_IS_TWO));
    assertEquals(BASE_CONFIG, Files.readString(target.resolve("config.json")));
    assertEquals("{ \"untouched\" :1}", Files.readString(target.resolve("tokenizer.json")));
    assertTrue(
        PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("merges.txt")))
            .startsWith("rw"));
    assertEquals(
        "{\n  \"temperature\": 0.6,\n  \"eos_token_id\": 2\n}\n",
        Files.readString(target.resolve("generation_config.json")));
    assertEquals(
        Set.of(
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "tokenizer.json",
            "merges.txt",
            "chat_template.jinja"),
        namesIn(target));
    assertEquals(Set.of("final"), namesIn(target.resolveSibling("")));
  }

  @Test
  void changesOnlyWhatChanged() throws IOException {
    SpecialTokens tokens = new SpecialTokens(Optional.of(0), List.of(5, 6), Optional.of(4));
    ModelExport export =
        new ModelExport(
            base,
            Map.of("vocab_size", 7),
            List.of(new TensorEntry("w", StorageType.BF16, List.of(1L), segment(2))),
            1L << 40,
            Optional.of(base),
            Map.of("tokenizer.json", "changed".getBytes(StandardCharsets.UTF_8)),
            Optional.of("new template"),
            tokens);
    ModelDirectory.write(target, export);
    assertEquals(
        """
        {
          "model_type": "gpt2",
          "architectures": [
            "GPT2LMHeadModel"
          ],
          "layer_norm_epsilon": 0.00001,
          "torch_dtype": "bfloat16",
          "vocab_size": 7,
          "eos_token_id": [
            5,
            6
          ],
          "something_own": {
            "kept": [
              1,
              null
            ]
          },
          "bos_token_id": 0,
          "pad_token_id": 4
        }
        """,
        Files.readString(target.resolve("config.json")));
    assertEquals("changed", Files.readString(target.resolve("tokenizer.json")));
    assertEquals("{ \"untouched\" :1}", Files.readString(base.resolve("tokenizer.json")));
    assertEquals("a b\r\n", Files.readString(target.resolve("merges.txt")));
    assertEquals("new template", Files.readString(target.resolve("chat_template.jinja")));
  }

  @Test
  void completesAConfigThatCameAlone() throws IOException {
    Path alone =
        Files.writeString(folder.resolve("tiny.json"), "{\"model_type\": \"llama\", \"x\": 1}");
    ModelDirectory.write(target, export(alone, Map.of(), Optional.empty(), END_IS_TWO));
    Map<String, Object> config = ModelDirectory.readConfig(target);
    assertEquals(List.of("LlamaForCausalLM"), config.get("architectures"));
    assertEquals("float32", config.get("dtype"));
    assertEquals(2, config.get("eos_token_id"));
    assertTrue(config.containsKey("bos_token_id"));
    assertEquals(
        Set.of("config.json", "generation_config.json", "model.safetensors"), namesIn(target));
  }

  @Test
  void replacesAnOlderDirectoryWholeAndKeepsItWhenWritingFails() throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve("stale.bin"), "stale");
    Path unknown = Files.writeString(folder.resolve("x.json"), "{\"model_type\": \"gpt9\"}");
    DataException e =
        assertThrows(
            DataException.class,
            () ->
                ModelDirectory.write(
                    target, export(unknown, Map.of(), Optional.empty(), END_IS_TWO)));
    assertTrue(
        String.valueOf(e.getMessage())
            .contains("field \"model_type\": expected one of [gemma, gemma2, gemma3_text, gpt2"),
        e.getMessage());
    assertEquals(Set.of("stale.bin"), namesIn(target));
    assertEquals(Set.of("final"), namesIn(target.resolveSibling("")));

    ModelDirectory.write(target, export(base, Map.of(), Optional.empty(), END_IS_TWO));
    assertFalse(Files.exists(target.resolve("stale.bin")));
    assertEquals(Set.of("final"), namesIn(target.resolveSibling("")));
  }

  @Test
  void saysWhichConfigIsMissingOrBroken() throws IOException {
    DataException missing =
        assertThrows(DataException.class, () -> ModelDirectory.readConfig(folder));
    assertTrue(
        String.valueOf(missing.getMessage())
            .contains("expected a folder with 'config.json', or that file, got none"));
    Files.writeString(base.resolve("config.json"), "{\n\"a\": 1,\n}");
    DataException broken = assertThrows(DataException.class, () -> ModelDirectory.readConfig(base));
    assertTrue(
        String.valueOf(broken.getMessage()).contains("config.json:3: expected a JSON object"),
        broken.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "gpt2-variant", "llama", "llama-variant"})
  void givesAModelOfTransformersBackByteForByte(String name) throws IOException {
    Path original = Fixtures.model(name).directory();
    try (ModelWeights weights = ModelWeights.open(original)) {
      ModelExport same =
          new ModelExport(
              original,
              Map.of(),
              weights.tensors().values(),
              1L << 40,
              Optional.empty(),
              Map.of(),
              Optional.empty(),
              END_IS_TWO);
      ModelDirectory.write(target, same);
    }
    for (String file : List.of("config.json", "model.safetensors")) {
      assertEquals(-1, Files.mismatch(original.resolve(file), target.resolve(file)), file);
    }
  }

  private static ModelExport export(
      Path base, Map<String, Object> changes, Optional<Path> tokenizer, SpecialTokens tokens) {
    return new ModelExport(
        base,
        changes,
        List.of(TensorEntry.ofFloats("w", List.of(2L), new float[] {1, 2})),
        1L << 40,
        tokenizer,
        Map.of(),
        Optional.empty(),
        tokens);
  }

  private static MemorySegment segment(int bytes) {
    return MemorySegment.ofArray(new byte[bytes]);
  }

  private static Set<String> namesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
