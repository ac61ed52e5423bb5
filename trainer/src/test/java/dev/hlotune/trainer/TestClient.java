package dev.hlotune.trainer;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.ErrorCode;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Storage;
import dev.hlotune.trainer.step.ModelMesh;
import org.jspecify.annotations.Nullable;

/** The CPU device that all tests of one virtual machine share. */
public final class TestClient {
  private static @Nullable Client client;

  private TestClient() {}

  /**
   * A client with one device, not to be closed. The plugin is installed if it is nowhere; a test is
   * skipped where that is impossible.
   */
  public static synchronized Client get() {
    Client known = client;
    if (known == null) {
      known = plugin().cpuClient(1);
      client = known;
    }
    return known;
  }

  /** The plugin, for clients of one's own with several devices. */
  public static Plugin plugin() {
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

  /** The same device as programs take it. */
  public static DeviceMesh devices() {
    return DeviceMesh.single(get());
  }

  /** Where arrays are kept on it. */
  public static Storage storage() {
    return Storage.single(get());
  }

  /** Where all that programs take and give lies on it. */
  public static ModelMesh mesh() {
    return ModelMesh.single(get());
  }
}
