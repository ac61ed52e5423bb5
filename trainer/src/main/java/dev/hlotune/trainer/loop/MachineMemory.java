package dev.hlotune.trainer.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Main memory as this process may use it: the machine's, or the container's where that is less.
 *
 * @param total bytes in all
 * @param available bytes that can be taken without swapping; caches that give way are counted
 */
public record MachineMemory(long total, long available) {

  /**
   * What holds now, on Linux.
   *
   * @throws IOException if the system does not say
   */
  public static MachineMemory current() throws IOException {
    return read(Path.of("/"));
  }

  /**
   * Reads Linux's files under a root: {@code /proc/meminfo} and the limits of the control group,
   * version 2 or 1, as a container sees them.
   */
  static MachineMemory read(Path root) throws IOException {
    Path meminfo = root.resolve("proc/meminfo");
    if (!Files.exists(meminfo)) {
      throw new IOException("memory: expected /proc/meminfo as Linux has it, got none");
    }
    long total = 0;
    long available = 0;
    for (String line : Files.readAllLines(meminfo)) {
      if (line.startsWith("MemTotal:")) {
        total = kibibytes(line);
      } else if (line.startsWith("MemAvailable:")) {
        available = kibibytes(line);
      }
    }
    MachineMemory machine = new MachineMemory(total, available);
    Path two = root.resolve("sys/fs/cgroup");
    Path one = two.resolve("memory");
    return machine
        .within(
            number(two.resolve("memory.max")), number(two.resolve("memory.current")), cache(two))
        .within(
            number(one.resolve("memory.limit_in_bytes")),
            number(one.resolve("memory.usage_in_bytes")),
            cache(one));
  }

  private MachineMemory within(OptionalLong limit, OptionalLong used, long cache) {
    if (limit.isEmpty() || limit.getAsLong() >= total) {
      return this;
    }
    long free = limit.getAsLong() - Math.max(0, used.orElse(0) - cache);
    return new MachineMemory(limit.getAsLong(), Math.clamp(free, 0, available));
  }

  /** File pages that the control group gives back under pressure. */
  private static long cache(Path group) throws IOException {
    Path stat = group.resolve("memory.stat");
    if (!Files.isReadable(stat)) {
      return 0;
    }
    for (String line : Files.readAllLines(stat)) {
      if (line.startsWith("inactive_file ") || line.startsWith("total_inactive_file ")) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1).strip());
      }
    }
    return 0;
  }

  private static long kibibytes(String line) {
    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
  }

  private static OptionalLong number(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      return OptionalLong.empty();
    }
    String text = Files.readString(file).strip();
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }
}
