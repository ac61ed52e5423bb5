package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheCommandTest {
  @TempDir Path root;

  private String run(String... arguments) {
    Captured captured = Captured.plain();
    assertEquals(0, Main.run(captured.console(), arguments), captured.err());
    return captured.out();
  }

  private Path write(String file, int bytes) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.write(path, new byte[bytes]);
  }

  @Test
  void listsAndClearsProgramsAndData() throws IOException {
    String digest = "0123456789abcdef".repeat(4);
    Path program = write("executables/" + digest + ".executable", 2048);
    Path set = write("data/" + digest + "/ids", 1024).getParent();
    Path mine = write("data/mine/notes.txt", 10);

    String list = run("cache", "list", "--cache_dir", root.toString());
    assertTrue(list.contains("0123456789abcdef     2.0 KiB  used 0 minutes ago"), list);
    assertTrue(list.contains("programs  2.0 KiB in 1, at most 4.0 GiB"), list);
    assertTrue(list.contains("data      1.0 KiB in 1"), list);

    assertEquals(
        "deleted 1 prepared data sets\n",
        run("cache", "clear", "--data", "--cache_dir", root.toString()));
    assertTrue(Files.exists(program));
    assertFalse(Files.exists(set));
    assertTrue(Files.exists(mine), "expected a folder that is no data set to stay");

    assertEquals(
        "deleted 1 programs\ndeleted 0 prepared data sets\n",
        run("cache", "clear", "--cache-dir=" + root));
    assertFalse(Files.exists(program));
  }

  @Test
  void anEmptyCacheIsListed() {
    String list = run("cache", "list", "--cache_dir", root.resolve("absent").toString());
    assertTrue(list.contains("programs  0 bytes in 0"), list);
  }
}
