package dev.hlotune.pjrt.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchTest {
  @TempDir private Path directory;

  private final List<String> tried = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void installsFromAnIndexInHtmlAndInJson(boolean json) throws Exception {
    try (FakeIndex index = new FakeIndex(json)) {
      Path library = install(digest(index), Map.of("PIP_INDEX_URL", index.address()), false);
      assertEquals(
          FakeIndex.LIBRARY.repeat(2000), Files.readString(library), "the library's bytes");
      Path root = directory.resolve(digest(index));
      assertTrue(Files.exists(root.resolve("fake-1.0.dist-info/LICENSE.txt")));
      assertFalse(Files.exists(root.resolve("fake_plugins/__init__.py")));
      assertFalse(Files.exists(directory.resolve(digest(index) + ".whl.part")));
      // Installed means that nobody is asked again.
      install(digest(index), Map.of("PIP_INDEX_URL", index.address()), false);
      assertEquals(1, index.ranges.size());
    }
  }

  @Test
  void triesTheExtraIndexWhenTheFirstHasNoSuchProject() throws Exception {
    try (FakeIndex index = new FakeIndex(false)) {
      String address = index.address();
      install(
          digest(index),
          Map.of("PIP_INDEX_URL", address + "/none", "PIP_EXTRA_INDEX_URL", address),
          false);
      assertTrue(tried.getFirst().endsWith("/simple/none/fake-pjrt/: status 404"), tried::toString);
    }
  }

  @Test
  void goesOnWhereAnAnswerWasCutOff() throws Exception {
    try (FakeIndex index = new FakeIndex(false)) {
      index.cuts.set(2);
      install(digest(index), Map.of("PIP_INDEX_URL", index.address()), false);
      assertEquals("all", index.ranges.getFirst());
      assertEquals(3, index.ranges.size());
      assertTrue(index.ranges.get(1).matches("bytes=[1-9]\\d*-"), index.ranges::toString);
    }
  }

  @Test
  void goesOnWithWhatAnEarlierProcessLeft() throws Exception {
    try (FakeIndex index = new FakeIndex(false)) {
      Path part = directory.resolve(digest(index) + ".whl.part");
      Files.write(part, Arrays.copyOf(index.wheel, 1000));
      install(digest(index), Map.of("PIP_INDEX_URL", index.address()), false);
      assertEquals(List.of("bytes=1000-"), index.ranges);
    }
  }

  @Test
  void beginsAnewWhenWhatWasLeftIsOfAnotherFile() throws Exception {
    try (FakeIndex index = new FakeIndex(false)) {
      Path part = directory.resolve(digest(index) + ".whl.part");
      Files.write(part, new byte[1000]);
      install(digest(index), Map.of("PIP_INDEX_URL", index.address()), false);
      assertEquals(List.of("bytes=1000-", "all"), index.ranges);
    }
  }

  @Test
  void refusesAnotherDigest() {
    try (FakeIndex index = new FakeIndex(false)) {
      String wrong = "0".repeat(64);
      assertThrows(
          IOException.class, () -> install(wrong, Map.of("PIP_INDEX_URL", index.address()), false));
      assertTrue(tried.getLast().contains("expected sha256 " + wrong), tried::toString);
      assertFalse(Files.exists(directory.resolve(wrong)));
      assertFalse(Files.exists(directory.resolve(wrong + ".whl.part")));
    }
  }

  @Test
  void addsFilesOfAnotherWheelBesideThePlugin() throws Exception {
    try (FakeIndex index = new FakeIndex(false)) {
      Map<String, String> environment = Map.of("PIP_INDEX_URL", index.address());
      Path library = install(digest(index), environment, false);
      PluginStore store = new PluginStore(directory, digest(index), FakeIndex.LIBRARY);
      assertFalse(store.has(FakeIndex.TOOL));
      PluginStore.Fetch fetch =
          (part, attempts) ->
              source(digest(index), environment, false).fetch(part, (_, _) -> {}, attempts);
      for (int time = 0; time < 2; time++) {
        store.add(digest(index), List.of(FakeIndex.TOOL), fetch, tried);
      }
      assertEquals(2, index.ranges.size(), "the plugin and, once, what is beside it");
      assertTrue(store.has(FakeIndex.TOOL));
      assertTrue(Files.isExecutable(directory.resolve(digest(index)).resolve(FakeIndex.TOOL)));
      assertTrue(Files.exists(library));
      IOException missing =
          assertThrows(
              IOException.class,
              () -> store.add(digest(index), List.of("fake/bin/other"), fetch, tried));
      assertTrue(missing.toString().contains("expected 'fake/bin/other' in the wheel"));
      assertTrue(Files.exists(library), "what is there stays");
    }
  }

  @Test
  void takesAFileOfFindLinksWithoutANetwork() throws Exception {
    try (FakeIndex index = new FakeIndex(false)) {
      Path links = Files.createDirectories(directory.resolve("links"));
      Files.write(links.resolve(FakeIndex.FILE), index.wheel);
      Map<String, String> environment =
          Map.of("PIP_FIND_LINKS", links.toString(), "PIP_INDEX_URL", index.address());
      install(digest(index), environment, true);
      assertEquals(List.of(), index.ranges);
    }
  }

  @Test
  void namesWhatItDidNotAskWhenOffline() {
    try (FakeIndex index = new FakeIndex(false)) {
      Map<String, String> environment =
          Map.of("PIP_FIND_LINKS", "/no/such/place", "PIP_INDEX_URL", index.address());
      assertThrows(IOException.class, () -> install(digest(index), environment, true));
      assertEquals(
          List.of("'/no/such/place': no such file in it", index.address() + ": not asked, offline"),
          tried);
    }
  }

  @Test
  void isFetchedOnceByManyAtOnce() throws Exception {
    try (FakeIndex index = new FakeIndex(true);
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Path> install =
          () -> install(digest(index), Map.of("PIP_INDEX_URL", index.address()), false);
      for (Future<Path> done : threads.invokeAll(List.of(install, install, install, install))) {
        assertTrue(Files.exists(done.get()));
      }
      assertEquals(List.of("all"), index.ranges);
    }
  }

  @Test
  void goesThroughTheProxyThatTheEnvironmentNames() throws Exception {
    // The index itself stands in for the proxy: it is asked for an absolute address.
    try (FakeIndex index = new FakeIndex(false)) {
      String proxy = index.address().replace("/simple", "");
      Map<String, String> environment =
          Map.of("PIP_INDEX_URL", "http://index.invalid/simple", "http_proxy", proxy);
      install(digest(index), environment, false);
      assertEquals(1, index.ranges.size());
    }
  }

  @Test
  void readsPipConfigurationFiles() throws Exception {
    Path file = directory.resolve(".config/pip/pip.conf");
    Files.createDirectories(directory.resolve(".config/pip"));
    Files.writeString(
        file,
        """
        [global]
        index-url = https://mirror.example/simple
        timeout = 7
        [install]
        find-links =
            /first
            /second
        [freeze]
        index-url = https://wrong.example/simple
        """);
    PipSettings settings = PipSettings.read(Map.of("PIP_CONFIG_FILE", file.toString()), directory);
    assertEquals(List.of("https://mirror.example/simple"), settings.indexes());
    assertEquals(List.of("/first", "/second"), settings.findLinks());
    assertEquals(7, settings.web().timeout().toSeconds());
    PipSettings overridden =
        PipSettings.read(
            Map.of("PIP_CONFIG_FILE", file.toString(), "PIP_NO_INDEX", "1"), directory);
    assertEquals(List.of(), overridden.indexes());
  }

  private Path install(String sha256, Map<String, String> environment, boolean offline)
      throws IOException, InterruptedException {
    WheelSource source = source(sha256, environment, offline);
    return new PluginStore(directory, sha256, FakeIndex.LIBRARY)
        .install((part, attempts) -> source.fetch(part, (_, _) -> {}, attempts), tried);
  }

  private WheelSource source(String sha256, Map<String, String> environment, boolean offline) {
    return new WheelSource(
        environment,
        PipSettings.read(environment, directory.resolve("home")),
        "fake-pjrt",
        FakeIndex.FILE,
        sha256,
        offline);
  }

  private static String digest(FakeIndex index) {
    return HexFormat.of().formatHex(Contents.sha256().digest(index.wheel));
  }
}
