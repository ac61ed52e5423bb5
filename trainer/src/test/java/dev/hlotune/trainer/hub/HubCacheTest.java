package dev.hlotune.trainer.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache is the one of Python's huggingface_hub, as recorded from it. */
final class HubCacheTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String DATASET = "2".repeat(40);

  @TempDir private Path home;

  private static JsonNode recorded(String name) throws IOException {
    return JSON.readTree(Fixtures.path("hub/" + name).toFile());
  }

  /** Serves the repositories that were served to Python. */
  private static FakeHub recordedHub() throws IOException {
    FakeHub hub = new FakeHub();
    for (JsonNode repository : recorded("repositories.json").path("repositories")) {
      Map<String, byte[]> files = new LinkedHashMap<>();
      List<String> large = new ArrayList<>();
      repository
          .path("files")
          .properties()
          .forEach(file -> {
            files.put(
                file.getKey(),
                file.getValue().path("text").asText().getBytes(StandardCharsets.UTF_8));
            if (file.getValue().path("large").asBoolean()) {
              large.add(file.getKey());
            }
          });
      hub.put(
          repository.path("kind").asText() + "s/" + repository.path("id").asText(),
          "main",
          repository.path("commit").asText(),
          files,
          large);
    }
    return hub;
  }

  /** What Python left, without those files that we do not fetch. */
  private static Map<String, String> recordedCache(String... leftOut) throws IOException {
    Map<String, String> cache = new TreeMap<>();
    recorded("cache.json")
        .path("cache")
        .properties()
        .forEach(entry -> {
          JsonNode link = entry.getValue().path("link");
          // Python escapes what is not ASCII.
          cache.put(
              entry.getKey(),
              link.isTextual()
                  ? "-> " + link.asText()
                  : entry.getValue().path("text").asText().replace("\\u00ef", "ï"));
        });
    List<String> blobs = new ArrayList<>();
    for (String file : leftOut) {
      cache
          .entrySet()
          .removeIf(entry -> {
            boolean gone = entry.getKey().endsWith("/" + file);
            if (gone) {
              blobs.add(entry.getValue().replaceFirst(".*/", ""));
            }
            return gone;
          });
    }
    cache.keySet().removeIf(name -> blobs.stream().anyMatch(name::endsWith));
    return cache;
  }

  private void fetchAll(Map<String, String> environment) {
    try (Hub hub = HubTests.hub(environment)) {
      hub.model("owner/tiny", Optional.empty(), HubProgress.silent());
      hub.dataset(DatasetRequest.of("owner/small", "train"), HubProgress.silent());
      hub.dataset(DatasetRequest.of("owner/small", "test"), HubProgress.silent());
      hub.dataset(
          new DatasetRequest(
              "owner/small",
              Optional.of("other"),
              "validation",
              Optional.of("main"),
              Optional.empty(),
              List.of()),
          HubProgress.silent());
    }
  }

  @Test
  void isLaidOutAsPythonLaysItOut() throws IOException {
    try (FakeHub hub = recordedHub()) {
      fetchAll(hub.environment(home));
      assertEquals(
          recordedCache(".gitattributes", "naïve name.txt"), HubTests.listing(home.resolve("hub")));
      assertTrue(Files.exists(home.resolve("hub/CACHEDIR.TAG")));
      assertTrue(
          Files.exists(
              home.resolve("hub/.locks/models--owner--tiny")
                  .resolve(
                      FakeHub.sha256("not really weights".getBytes(StandardCharsets.UTF_8))
                          + ".lock")));
    }
  }

  @Test
  void whatPythonLeftIsReadWithoutAnybody() throws IOException {
    Path cache = home.resolve("hub");
    for (Map.Entry<String, String> entry : recordedCache().entrySet()) {
      Path path = cache.resolve(entry.getKey());
      Files.createDirectories(path.resolveSibling(""));
      if (entry.getValue().startsWith("-> ")) {
        Files.createSymbolicLink(path, Path.of(entry.getValue().substring(3)));
      } else {
        Files.writeString(path, entry.getValue());
      }
    }
    Map<String, String> environment = Map.of("HF_HOME", home.toString(), "HF_HUB_OFFLINE", "yes");
    try (Hub hub = HubTests.hub(environment)) {
      Path model = hub.model("owner/tiny", Optional.empty(), HubProgress.silent());
      assertEquals("not really weights", Files.readString(model.resolve("model.safetensors")));
      DatasetFiles data =
          hub.dataset(DatasetRequest.of("owner/small", "train"), HubProgress.silent());
      assertEquals(DATASET, data.commit());
      assertEquals("plain", data.config());
      assertEquals("json", data.format());
      assertEquals(
          List.of("train-a.jsonl", "train-b.jsonl"),
          data.files().stream().map(file -> file.getFileName().toString()).toList());
      // Older versions keep no list of what a commit holds.
      Files.delete(cache.resolve("datasets--owner--small/trees/" + DATASET + ".json"));
      assertEquals(
          data, hub.dataset(DatasetRequest.of("owner/small", "train"), HubProgress.silent()));
    }
  }

  @Test
  void whatIsThereIsNotFetchedAgain() throws IOException {
    try (FakeHub hub = recordedHub()) {
      fetchAll(hub.environment(home));
      hub.asked.clear();
      hub.askedElsewhere.clear();
      fetchAll(hub.environment(home));
      // What the branch stands for now, and nothing else.
      assertEquals(
          List.of(
              "GET /api/models/owner/tiny/revision/main",
              "GET /api/datasets/owner/small/revision/main",
              "GET /api/datasets/owner/small/revision/main",
              "GET /api/datasets/owner/small/revision/main"),
          hub.asked);
      assertEquals(List.of(), hub.askedElsewhere);
      hub.asked.clear();
      try (Hub again = HubTests.hub(hub.environment(home))) {
        again.model("owner/tiny", Optional.of("1".repeat(40)), HubProgress.silent());
      }
      assertEquals(List.of(), hub.asked);
    }
  }

  @Test
  void offlineSaysWhatIsMissing() throws IOException {
    try (FakeHub hub = recordedHub()) {
      Map<String, String> environment = hub.environment(home);
      String at = "in the cache '" + home.resolve("hub") + "', got ";
      String advice = "; run it once without 'offline' and HF_HUB_OFFLINE";
      try (Hub offline = HubTests.offline(environment)) {
        assertEquals(
            "'owner/tiny': expected revision 'main' " + at + "none" + advice,
            HubTests.refusal(
                () -> offline.model("owner/tiny", Optional.empty(), HubProgress.silent())));
        assertEquals(
            "'owner/tiny': expected files of revision '%s' ".formatted("1".repeat(40))
                + at
                + "none"
                + advice,
            HubTests.refusal(() ->
                offline.model("owner/tiny", Optional.of("1".repeat(40)), HubProgress.silent())));
      }
      try (Hub online = HubTests.hub(environment)) {
        online.tokenizer("owner/tiny", Optional.empty(), HubProgress.silent());
      }
      hub.asked.clear();
      try (Hub offline = HubTests.offline(environment)) {
        assertTrue(
            Files.exists(
                offline
                    .tokenizer("owner/tiny", Optional.empty(), HubProgress.silent())
                    .resolve("tokenizer.json")));
        assertEquals(
            "'owner/tiny': expected 3 files " + at + "2; missing: 'config.json'" + advice,
            HubTests.refusal(
                () -> offline.model("owner/tiny", Optional.empty(), HubProgress.silent())));
      }
      assertEquals(List.of(), hub.asked);
    }
  }

  @Test
  void withoutLinksTheBytesAreInTheSnapshot() throws IOException {
    try (FakeHub hub = recordedHub()) {
      Map<String, String> environment = hub.environment(home);
      environment.put("HF_HUB_DISABLE_SYMLINKS", "1");
      fetchAll(environment);
      Path snapshot = home.resolve("hub/datasets--owner--small/snapshots/" + DATASET);
      for (String name : List.of("data/train-a.jsonl", "data/train-b.jsonl", "data/test.jsonl")) {
        assertTrue(Files.isRegularFile(snapshot.resolve(name)), name);
        assertFalse(Files.isSymbolicLink(snapshot.resolve(name)), name);
      }
      hub.asked.clear();
      fetchAll(environment);
      assertEquals(4, hub.asked.size(), hub.asked::toString);
    }
  }

  @Test
  void withoutLinksBytesThatAreThereAreCopied() throws IOException {
    try (FakeHub hub = recordedHub()) {
      Map<String, String> environment = hub.environment(home);
      fetchAll(environment);
      Path snapshots = home.resolve("hub/datasets--owner--small/snapshots");
      Files.move(snapshots, home.resolve("gone"));
      hub.asked.clear();
      environment.put("HF_HUB_DISABLE_SYMLINKS", "1");
      fetchAll(environment);
      assertTrue(
          hub.asked.stream().noneMatch(line -> line.contains("small/resolve")),
          hub.asked::toString);
      assertEquals(
          "{\"text\": \"b\"}\n",
          Files.readString(snapshots.resolve(DATASET + "/data/train-b.jsonl")));
      assertFalse(Files.isSymbolicLink(snapshots.resolve(DATASET + "/data/train-b.jsonl")));
    }
  }

  @Test
  void aFileThatWasCutShortIsFetchedAgain() throws IOException {
    try (FakeHub hub = recordedHub()) {
      fetchAll(hub.environment(home));
      Path blob =
          home.resolve("hub/models--owner--tiny/blobs")
              .resolve(FakeHub.sha256("not really weights".getBytes(StandardCharsets.UTF_8)));
      Files.writeString(blob, "not");
      fetchAll(hub.environment(home));
      assertEquals("not really weights", Files.readString(blob));
    }
  }

  @Test
  void manyAtOnceFetchEachFileOnce() throws Exception {
    try (FakeHub hub = recordedHub();
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      Callable<Map<String, String>> fetch =
          () -> {
            fetchAll(hub.environment(home));
            return HubTests.listing(home.resolve("hub"));
          };
      List<Callable<Map<String, String>>> all = List.of(fetch, fetch, fetch, fetch, fetch, fetch);
      for (Future<Map<String, String>> done : threads.invokeAll(all)) {
        done.get();
      }
      assertEquals(
          recordedCache(".gitattributes", "naïve name.txt"), HubTests.listing(home.resolve("hub")));
      List<String> fetched =
          hub.asked.stream().filter(line -> line.contains("/resolve/")).sorted().toList();
      assertEquals(fetched.stream().distinct().toList(), fetched);
    }
  }
}
