package dev.hlotune.trainer.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in the forms in which they are on the hub. */
final class HubModelTest {
  private static final String ID = "owner/model";

  @TempDir private Path home;

  private final FakeHub hub = new FakeHub();

  @AfterEach
  void close() {
    hub.close();
  }

  private void serve(Map<String, String> special, String... names) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : names) {
      files.put(name, ("of " + name).getBytes(StandardCharsets.UTF_8));
    }
    special.forEach((name, text) -> files.put(name, text.getBytes(StandardCharsets.UTF_8)));
    hub.model(ID, files);
  }

  private Path model() {
    try (Hub client = HubTests.hub(hub.environment(home))) {
      return client.model(ID, Optional.empty(), HubProgress.silent());
    }
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void whatBelongsToAModelAndNothingElse() throws IOException {
    serve(
        Map.of(),
        "README.md",
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "consolidated.safetensors",
        "pytorch_model.bin",
        "tf_model.h5",
        "onnx/model.onnx",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "vocab.json",
        "merges.txt",
        "chat_template.jinja",
        "additional_chat_templates/rag.jinja",
        "additional_chat_templates/notes.md");
    assertEquals(
        Set.of(
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "additional_chat_templates/rag.jinja"),
        names(model()));
  }

  @Test
  void thePartsThatAnIndexNames() throws IOException {
    serve(
        Map.of(
            "model.safetensors.index.json",
            "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\", \"c\": \"model-1.safetensors\"}}"),
        "config.json",
        "model-1.safetensors",
        "model-2.safetensors",
        "model-3.safetensors",
        "model.safetensors");
    assertEquals(
        Set.of(
            "config.json",
            "model.safetensors.index.json",
            "model-1.safetensors",
            "model-2.safetensors"),
        names(model()));
  }

  @Test
  void anIndexThatNamesNoFile() {
    serve(
        Map.of("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"gone.safetensors\"}}"),
        "config.json");
    assertEquals(
        "'owner/model': expected the file 'gone.safetensors' in revision 'main', got none",
        HubTests.refusal(this::model));
    serve(Map.of("model.safetensors.index.json", "{"), "config.json");
    hub.put(
        "models/" + ID,
        "main",
        "b".repeat(40),
        Map.of(
            "config.json",
            new byte[0],
            "model.safetensors.index.json",
            "{".getBytes(StandardCharsets.UTF_8)));
    assertEquals(
        "'owner/model': expected JSON in the index of its weights, got a syntax error",
        HubTests.refusal(this::model));
  }

  @Test
  void weightsInAnotherFormAreRefusedBeforeAnythingIsFetched() throws IOException {
    serve(Map.of(), "config.json", "pytorch_model-00001-of-00002.bin", "tokenizer.json");
    assertEquals(
        "'owner/model': expected weights in 'model.safetensors', got 'pytorch_model-00001-of-00002.bin'; load it with transformers and save it with save_pretrained",
        HubTests.refusal(this::model));
    assertTrue(
        hub.asked.stream().noneMatch(line -> line.contains("/resolve/")), hub.asked::toString);
    // What describes a model can be had whatever its weights are.
    try (Hub client = HubTests.hub(hub.environment(home))) {
      assertEquals(
          Set.of("config.json", "tokenizer.json"),
          names(client.description(ID, Optional.empty(), HubProgress.silent())));
    }
  }

  @Test
  void aConfigurationAloneIsAModelToBeInitialized() throws IOException {
    serve(Map.of(), "config.json");
    assertEquals(Set.of("config.json"), names(model()));
  }

  @Test
  void aRepositoryThatIsNoModel() {
    serve(Map.of(), "adapter_config.json", "adapter_model.safetensors");
    assertEquals(
        "'owner/model': expected a model with 'config.json', got a repository without",
        HubTests.refusal(this::model));
  }

  @Test
  void aTokenizerComesWithoutWeights() throws IOException {
    serve(Map.of(), "config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors");
    try (Hub client = HubTests.hub(hub.environment(home))) {
      assertEquals(
          Set.of("tokenizer.json", "tokenizer_config.json"),
          names(client.tokenizer(ID, Optional.of("main"), HubProgress.silent())));
    }
    serve(Map.of(), "config.json", "vocab.txt");
    hub.put("models/" + ID, "main", "b".repeat(40), Map.of("config.json", new byte[0]));
    try (Hub client = HubTests.hub(hub.environment(home))) {
      assertEquals(
          "'owner/model': expected a tokenizer ('tokenizer.json'), got a repository without",
          HubTests.refusal(() -> client.tokenizer(ID, Optional.empty(), HubProgress.silent())));
    }
  }

  @Test
  void namesAreThoseTheHubAllows() {
    for (String id : List.of("gpt2", "openai-community/gpt2", "Qwen/Qwen2.5-0.5B")) {
      assertTrue(Hub.looksLikeId(id), id);
    }
    for (String other : List.of("", "a/b/c", "./a", "/a/b", "a//b", "~/a", "a b/c")) {
      assertFalse(Hub.looksLikeId(other), other);
    }
  }
}
