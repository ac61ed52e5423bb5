package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** The CPU plugin, for the tests of this module. */
final class CpuPlugin {
  private CpuPlugin() {}

  static Plugin get() {
    String file = System.getenv("HLOTUNE_PLUGIN");
    assumeTrue(file != null, "HLOTUNE_PLUGIN is not set");
    return Plugin.load(Path.of(file));
  }
}
