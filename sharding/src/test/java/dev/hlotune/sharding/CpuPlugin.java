package dev.hlotune.sharding;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;

/** The CPU plugin for the tests of this module, installed if it is nowhere. */
public final class CpuPlugin {
  private CpuPlugin() {}

  /** The plugin; the calling test is skipped where it cannot be had. */
  public static Plugin get() {
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
