package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.configs.SftRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunManifestTest {
  @TempDir Path directory;

  @Test
  void allIsInTheFile() throws IOException {
    Path data = Files.writeString(directory.resolve("data.jsonl"), "{}\n");
    SftConfig config =
        SftRecipe.read(List.of("--model_name_or_path", data.toString(), "--dataset_name=" + data))
            .config();
    Path file = directory.resolve("run.json");
    RunManifest.of(config, "cpu 0.81", Map.of("data", "ab12"), Map.of("platform", "cpu"))
        .write(file);
    JsonNode run = new JsonMapper().readTree(file.toFile());
    assertEquals("ab12", run.at("/hashes/data").asText());
    assertEquals("cpu", run.at("/device/platform").asText());
    assertEquals(2e-5, run.at("/config/learning_rate").asDouble());
    assertEquals(config.resolved().size(), run.get("config").size());
    assertTrue(run.at("/versions/hlotune").asText().matches("\\d+\\.\\d+\\.\\d+.*"));
    assertEquals(Runtime.version().toString(), run.at("/versions/java").asText());
  }
}
