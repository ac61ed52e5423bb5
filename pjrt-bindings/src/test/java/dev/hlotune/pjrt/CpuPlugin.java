package dev.hlotune.pjrt;

import static org.junit.jupiter.api.Assumptions.abort;

/** The CPU plugin for the tests of this module, installed if it is nowhere. */
final class CpuPlugin {
  private CpuPlugin() {}

  static Plugin get() {
    try {
      return PluginRegistry.ofEnvironment(false)
          .load(PluginTarget.CPU, PluginRegistry.Progress.silent());
    } catch (PjrtException failure) {
      if (failure.code() == ErrorCode.UNAVAILABLE || failure.code() == ErrorCode.UNIMPLEMENTED) {
        return abort("no CPU plugin here: " + failure.getMessage());
      }
      throw failure;
    }
  }
}
