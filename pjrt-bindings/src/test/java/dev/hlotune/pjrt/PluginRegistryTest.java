package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginRegistryTest {
  @TempDir private Path directory;

  @Test
  void namesEveryPathWhenOffline() {
    assumeTrue(
        PluginTarget.CPU.wheel(PluginTarget.platform()).isPresent(),
        "no CPU plugin is pinned for this platform");
    PluginRegistry registry =
        new PluginRegistry(
            Map.of("XDG_CACHE_HOME", directory.toString(), "PIP_FIND_LINKS", "/no/such/place"),
            directory,
            true);
    assertEquals(Optional.empty(), registry.locate(PluginTarget.CPU));
    String message =
        assertThrows(
                PjrtException.class,
                () -> registry.load(PluginTarget.CPU, PluginRegistry.Progress.silent()))
            .toString();
    assertTrue(message.contains(directory.resolve("hlotune/pjrt").toString()), message);
    assertTrue(message.contains("xla_cpu_pjrt.so"), message);
    assertTrue(message.contains("/no/such/place"), message);
    assertTrue(message.contains("offline"), message);
    assertTrue(message.contains("HLOTUNE_PLUGIN"), message);
  }

  @Test
  void takesTheNamedFileBeforeTheCache() throws Exception {
    Path file = Files.createFile(directory.resolve("plugin.so"));
    PluginRegistry registry =
        new PluginRegistry(Map.of("HLOTUNE_PLUGIN", file.toString()), directory, true);
    assertEquals(Optional.of(file), registry.locate(PluginTarget.TPU));
    PluginRegistry wrong =
        new PluginRegistry(Map.of("HLOTUNE_PLUGIN", file + ".no"), directory, true);
    PjrtException failure = assertThrows(PjrtException.class, () -> wrong.locate(PluginTarget.CPU));
    assertEquals(ErrorCode.NOT_FOUND, failure.code());
  }

  @Test
  void listsAllTargets() {
    PluginRegistry registry = new PluginRegistry(Map.of(), directory, true);
    assertEquals(3, registry.list().size());
    assertTrue(registry.list().stream().allMatch(status -> status.library().isEmpty()));
    assertThrows(IllegalArgumentException.class, () -> PluginTarget.of("gpu"));
    assertEquals(PluginTarget.CUDA13, PluginTarget.of("cuda13"));
  }

  @Test
  void saysWhyAFileIsNoPlugin() throws Exception {
    Path text = Files.writeString(directory.resolve("text.so"), "not a library");
    PjrtException failure = assertThrows(PjrtException.class, () -> Plugin.load(text));
    assertTrue(
        failure.toString().contains(text.toString())
            && failure.toString().contains("no shared library"),
        failure::toString);
    // Begins as a library does, and is none: the loader's own words.
    Path cut = directory.resolve("short.so");
    Files.write(cut, new byte[] {0x7f, 'E', 'L', 'F'});
    PjrtException loader = assertThrows(PjrtException.class, () -> Plugin.load(cut));
    assertTrue(loader.toString().contains("file too short"), loader::toString);
    PjrtException missing =
        assertThrows(PjrtException.class, () -> Plugin.load(directory.resolve("none.so")));
    assertEquals(ErrorCode.NOT_FOUND, missing.code());
  }

  @Test
  void saysThatALibraryIsNoPlugin() {
    Path other = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("java"));
    assumeTrue(Files.exists(other), "this Java platform has no library file to try");
    PjrtException failure = assertThrows(PjrtException.class, () -> Plugin.load(other));
    assertTrue(failure.toString().contains("GetPjrtApi"), failure::toString);
  }
}
