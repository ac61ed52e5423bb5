package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.SftRecipe;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.TestClient;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.checkpoint.ModelDirectory;
import dev.hlotune.trainer.hub.FakeHub;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose model is on the hub. */
final class HubRunTest {
  /** A model that a run of two steps left: what the hub serves. */
  @TempDir private static Path base;

  @TempDir private Path folder;

  private final FakeHub hub = new FakeHub();
  private final List<RunEvent> events = new ArrayList<>();
  private final AtomicBoolean stop = new AtomicBoolean();
  private TinyRun tiny = new TinyRun(Path.of(""));

  @BeforeAll
  static void train() throws IOException {
    TestClient.get();
    TinyRun once = new TinyRun(base);
    Path data = text(once);
    SftRun.run(
        SftRecipe.read(once.options("dataset_name", data.toString(), "max_steps", "2")).config(),
        RunObserver.NONE,
        new AtomicBoolean());
  }

  private static Path text(TinyRun run) throws IOException {
    return run.data("text.jsonl", Collections.nCopies(16, "{\"text\": \"a b c d e\"}"));
  }

  @BeforeEach
  void serve() throws IOException {
    tiny = new TinyRun(folder);
    text(tiny);
    hub.model("owner/tiny", files(base.resolve("out/final")));
    hub.model("owner/words", files(Fixtures.path("data/tokenizer")));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private static Map<String, byte[]> files(Path directory) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (Stream<Path> paths = Files.list(directory)) {
      for (Path path : paths.sorted().toList()) {
        files.put(path.getFileName().toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }

  private RunSummary run(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("dataset_name", tiny.path("text.jsonl").toString()));
    return SftRun.run(
        SftRecipe.read(tiny.options(all.toArray(String[]::new))).config(),
        hub.environment(tiny.path("home")),
        event -> events.add(event),
        stop,
        Devices::freeMemory);
  }

  private RunSummary runOfHub(String output, String... more) throws IOException {
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(
        List.of("output_dir", tiny.path(output).toString(), "model_name_or_path", "owner/tiny"));
    return run(options.toArray(String[]::new));
  }

  private static Map<?, ?> section(Map<String, Object> manifest, String name) {
    return manifest.get(name) instanceof Map<?, ?> section ? section : Map.of();
  }

  @Test
  void isTheRunOfTheSameModelOnThisMachine() throws IOException {
    String local = base.resolve("out/final").toString();
    run("model_name_or_path", local, "output_dir", tiny.path("local").toString());
    assertEquals(
        RunSummary.Outcome.DONE, runOfHub("remote", "tokenizer_name_or_path", "None").outcome());
    assertArrayEquals(tiny.weights("local"), tiny.weights("remote"));
    assertTrue(
        events.stream()
            .anyMatch(event ->
                event instanceof RunEvent.Progressed progressed
                    && progressed.activity().equals("downloading owner/tiny")
                    && progressed.done() == progressed.total()),
        events::toString);
    Map<String, Object> manifest = ModelDirectory.readConfig(tiny.path("remote/run.json"));
    assertEquals("owner/tiny", section(manifest, "config").get("model_name_or_path"));
    assertEquals("a".repeat(40), section(manifest, "hashes").get("model_commit"));
    assertFalse(section(manifest, "hashes").containsKey("tokenizer_commit"));
    for (String name : List.of("config.json", "tokenizer.json", "generation_config.json")) {
      assertEquals(
          Files.readString(tiny.path("local/final").resolve(name)),
          Files.readString(tiny.path("remote/final").resolve(name)),
          name);
    }
    assertFalse(Files.isSymbolicLink(tiny.path("remote/final/tokenizer.json")));
    // From now on nobody has to be asked.
    hub.close();
    runOfHub("offline", "tokenizer_name_or_path", "None", "offline", "true");
    assertArrayEquals(tiny.weights("local"), tiny.weights("offline"));
    DataException down =
        assertThrows(DataException.class, () -> runOfHub("down", "model_revision", "other"));
    assertTrue(
        String.valueOf(down.getMessage()).contains("set HF_HUB_OFFLINE=1"), down.getMessage());
    assertFalse(Files.exists(tiny.path("down")));
  }

  @Test
  void theTokenizerMayBeOfAnotherRepository() throws IOException {
    runOfHub("out", "tokenizer_name_or_path", "owner/words");
    Map<String, Object> manifest = ModelDirectory.readConfig(tiny.path("out/run.json"));
    assertEquals("owner/words", section(manifest, "config").get("tokenizer_name_or_path"));
    assertEquals("a".repeat(40), section(manifest, "hashes").get("tokenizer_commit"));
  }

  @Test
  void aStopEndsTheDownload() throws IOException {
    stop.set(true);
    assertEquals(
        RunSummary.nothing(tiny.path("out")), runOfHub("out", "tokenizer_name_or_path", "None"));
    assertEquals(1, events.size(), events::toString);
    assertFalse(Files.exists(tiny.path("out")));
  }
}
