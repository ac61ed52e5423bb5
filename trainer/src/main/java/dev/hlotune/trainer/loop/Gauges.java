package dev.hlotune.trainer.loop;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.PjrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * What is measured beside the steps' own figures.
 *
 * @param flops operations of a step
 * @param peakFlops what the device can do a second, where that is known
 * @param deviceBytes the most device memory in use so far, or as compiled
 * @param hostBytes main memory of this process
 */
record Gauges(
    StepFlops flops, OptionalDouble peakFlops, LongSupplier deviceBytes, LongSupplier hostBytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  /**
   * Gauges of a run.
   *
   * @param compiled device memory as compiled, for a device that does not say what is in use
   */
  static Gauges of(StepFlops flops, OptionalDouble peakFlops, Client client, long compiled) {
    return new Gauges(flops, peakFlops, () -> onDevice(client, compiled), Gauges::resident);
  }

  private static long onDevice(Client client, long compiled) {
    try {
      return client.device().memory().peakInUse().orElse(compiled);
    } catch (PjrtException unsupported) {
      return compiled;
    }
  }

  /** As Linux says it; 0 elsewhere. */
  private static long resident() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(RESIDENT)) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
      return 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
