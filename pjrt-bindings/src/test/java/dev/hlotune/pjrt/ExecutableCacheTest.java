package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ExecutableCacheTest {
  @RegisterExtension static final WithClient CPU = new WithClient(1);

  @TempDir private Path directory;

  private final Client client = CPU.client();
  private final CompileOptions options = CompileOptions.singleDevice();

  @Test
  void compilesOnce() {
    ExecutableCache cache = new ExecutableCache(directory, ExecutableCache.DEFAULT_LIMIT);
    assertFalse(compile(cache, program("a")));
    assertTrue(compile(cache, program("a")));
    assertFalse(compile(cache, program("b")));
    assertEquals(2, cache.list().size());
    assertTrue(cache.size() > 0);
    assertEquals(2, cache.clear());
    assertEquals(List.of(), cache.list());
    assertFalse(compile(cache, program("a")));
  }

  @Test
  void takesInWhatWasCompiledElsewhere() throws Exception {
    ExecutableCache cache = new ExecutableCache(directory, ExecutableCache.DEFAULT_LIMIT);
    byte[] bytes;
    try (LoadedExecutable made = client.compile(program("a"), options)) {
      bytes = made.serialize();
    }
    cache.put(client, program("a"), options, bytes);
    assertTrue(compile(cache, program("a")));
    assertFalse(compile(cache, program("b")));
  }

  @Test
  void tellsProgramsAndOptionsApart() {
    String key = ExecutableCache.key(client, program("a"), options);
    assertEquals(key, ExecutableCache.key(client, program("a"), options));
    assertNotEquals(key, ExecutableCache.key(client, program("b"), options));
    assertNotEquals(
        key,
        ExecutableCache.key(
            client, program("a"), options.withOverride("xla_cpu_enable_fast_math", true)));
  }

  @Test
  void compilesAgainWhatIsDamaged() throws Exception {
    ExecutableCache cache = new ExecutableCache(directory, ExecutableCache.DEFAULT_LIMIT);
    compile(cache, program("a"));
    Path file = directory.resolve(cache.list().getFirst().key() + ".executable");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 40] ^= 1;
    Files.write(file, bytes);
    assertFalse(compile(cache, program("a")));
    assertTrue(compile(cache, program("a")));
    Files.write(file, new byte[0]);
    assertFalse(compile(cache, program("a")));
    assertTrue(compile(cache, program("a")));
  }

  @Test
  void forgetsWhatWasUsedLongestAgo() throws Exception {
    ExecutableCache large = new ExecutableCache(directory, ExecutableCache.DEFAULT_LIMIT);
    compile(large, program("a"));
    long one = large.size();
    String a = large.list().getFirst().key();
    compile(large, program("b"));
    // The first is made old, then used again, so the second is the one to go.
    String b =
        large.list().stream()
            .map(ExecutableCache.Entry::key)
            .filter(key -> !key.equals(a))
            .findFirst()
            .orElseThrow();
    for (String key : List.of(a, b)) {
      Files.setLastModifiedTime(
          directory.resolve(key + ".executable"),
          FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    }
    assertTrue(compile(large, program("a")));
    ExecutableCache small = new ExecutableCache(directory, 2 * one + one / 2);
    compile(small, program("c"));
    List<String> left = small.list().stream().map(ExecutableCache.Entry::key).toList();
    assertEquals(2, left.size());
    assertTrue(left.contains(a));
    assertFalse(left.contains(b));
  }

  @Test
  void goesOnWithoutAPlaceToWrite() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    ExecutableCache cache =
        new ExecutableCache(file.resolve("below"), ExecutableCache.DEFAULT_LIMIT);
    assertFalse(compile(cache, program("a")));
    assertFalse(compile(cache, program("a")));
    ExecutableCache none = new ExecutableCache(directory.resolve("none"), 0);
    assertFalse(compile(none, program("a")));
    assertEquals(0, none.size());
    assertThrows(IllegalArgumentException.class, () -> new ExecutableCache(directory, -1));
  }

  private boolean compile(ExecutableCache cache, String program) {
    ExecutableCache.Compiled compiled = cache.compile(client, program, options);
    try (LoadedExecutable executable = compiled.executable();
        DeviceBuffer x = client.scalar(3f, client.device());
        Execution run = executable.execute(List.of(x))) {
      assertEquals(6f, run.output(0).readFloats()[0]);
    }
    return compiled.cached();
  }

  private static String program(String name) {
    return """
    module @NAME {
      func.func public @main(%x: tensor<f32>) -> tensor<f32> {
        %y = stablehlo.add %x, %x : tensor<f32>
        return %y : tensor<f32>
      }
    }
    """
        .replace("NAME", name);
  }
}
