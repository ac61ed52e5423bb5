package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineMemoryTest {
  @TempDir Path root;

  @BeforeEach
  void machine() throws IOException {
    write("proc/meminfo", "MemTotal:   1000 kB\nMemFree: 1 kB\nMemAvailable:   600 kB\n");
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }

  @Test
  void withoutALimitTheMachineCounts() throws IOException {
    write("sys/fs/cgroup/memory.max", "max\n");
    assertEquals(new MachineMemory(1000 << 10, 600 << 10), MachineMemory.read(root));
  }

  @Test
  void aContainerHasLess() throws IOException {
    write("sys/fs/cgroup/memory.max", "500000\n");
    write("sys/fs/cgroup/memory.current", "300000\n");
    write("sys/fs/cgroup/memory.stat", "anon 200000\ninactive_file 100000\n");
    assertEquals(new MachineMemory(500000, 300000), MachineMemory.read(root));
  }

  @Test
  void soItIsInTheFirstVersionOfControlGroups() throws IOException {
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "500000\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "100000\n");
    assertEquals(new MachineMemory(500000, 400000), MachineMemory.read(root));
  }

  @Test
  void thisMachineHasSome() throws IOException {
    MachineMemory here = MachineMemory.current();
    assertTrue(here.available() > 0 && here.available() <= here.total(), here.toString());
  }
}
