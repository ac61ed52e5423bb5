package dev.hlotune.trainer.step;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;

/** How XLA is told to compile; each setting is measured in {@code docs/measurements.md}. */
public final class CompilerSettings {
  private CompilerSettings() {}

  /** Options for programs of one device of this client. */
  public static CompileOptions singleDevice(Client client) {
    CompileOptions options = CompileOptions.singleDevice();
    if (!client.platformName().equals("cpu")) {
      return options;
    }
    return options;
  }
}
