package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.loop.MachineMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Java, processor and memory. */
final class MachineChecks {
  private static final long LITTLE_MEMORY = 2L << 30;
  private static final List<String> FEATURES =
      List.of("avx", "avx2", "fma", "avx512f", "avx512_bf16", "amx_tile", "asimd", "sve", "bf16");

  private MachineChecks() {}

  static Finding java() {
    Runtime.Version version = Runtime.version();
    String text = version + ", " + System.getProperty("java.vendor", "unknown vendor");
    return version.feature() < 25
        ? Finding.fail("java", text, "install a JDK of version 25 or later and set JAVA_HOME")
        : Finding.ok("java", text);
  }

  static Finding processor(Path cpuinfo) {
    int cores = Runtime.getRuntime().availableProcessors();
    List<String> features = features(cpuinfo);
    String text =
        "%s, %d core%s%s"
            .formatted(
                System.getProperty("os.arch"),
                cores,
                cores == 1 ? "" : "s",
                features.isEmpty() ? "" : ", " + String.join(" ", features));
    boolean slow = "amd64".equals(System.getProperty("os.arch")) && !features.contains("avx2");
    return slow && Files.exists(cpuinfo)
        ? Finding.warn("cpu", text, "matrix products are several times slower without avx2")
        : Finding.ok("cpu", text);
  }

  private static List<String> features(Path cpuinfo) {
    if (!Files.isReadable(cpuinfo)) {
      return List.of();
    }
    Set<String> flags = new HashSet<>();
    try {
      for (String line : Files.readAllLines(cpuinfo)) {
        if (line.startsWith("flags") || line.startsWith("Features")) {
          flags.addAll(Arrays.asList(line.substring(line.indexOf(':') + 1).strip().split(" ", -1)));
          break;
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    List<String> known = new ArrayList<>(FEATURES);
    known.retainAll(flags);
    return known;
  }

  static Finding memory() {
    try {
      MachineMemory memory = MachineMemory.current();
      String text =
          "%s available of %s"
              .formatted(Amounts.bytes(memory.available()), Amounts.bytes(memory.total()));
      return memory.available() < LITTLE_MEMORY
          ? Finding.warn(
              "memory",
              text,
              "close other programs, or lower per_device_train_batch_size and max_length")
          : Finding.ok("memory", text);
    } catch (IOException e) {
      return Finding.warn("memory", "not known: " + e.getMessage(), "see that /proc is mounted");
    }
  }
}
