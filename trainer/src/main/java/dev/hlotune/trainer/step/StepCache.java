package dev.hlotune.trainer.step;

import dev.hlotune.trainer.data.Bucket;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The closed set of compiled steps, one for each bucket. All are there before the first step; a
 * bucket that is not among them is an error, never a compilation.
 */
public final class StepCache implements AutoCloseable {
  private final Map<Bucket, DeviceProgram> programs;

  /** Takes over programs by bucket. */
  public StepCache(Map<Bucket, DeviceProgram> programs) {
    this.programs = new LinkedHashMap<>(programs);
  }

  /** The program for a bucket. */
  public DeviceProgram get(Bucket bucket) {
    DeviceProgram program = programs.get(bucket);
    if (program == null) {
      throw new IllegalStateException(
          "step for " + bucket + ": expected one of " + programs.keySet());
    }
    return program;
  }

  /** The programs, in the order in which they were given. */
  public Map<Bucket, DeviceProgram> programs() {
    return Map.copyOf(programs);
  }

  @Override
  public void close() {
    programs.values().forEach(DeviceProgram::close);
  }
}
