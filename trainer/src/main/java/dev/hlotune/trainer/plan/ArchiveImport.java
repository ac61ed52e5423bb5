package dev.hlotune.trainer.plan;

import dev.hlotune.hlo.Axis;
import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.pjrt.Plugin;
import dev.hlotune.pjrt.PluginRegistry;
import dev.hlotune.pjrt.PluginTarget;
import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.Mesh;
import dev.hlotune.trainer.archive.ArchiveManifest;
import dev.hlotune.trainer.archive.CompiledArchive;
import dev.hlotune.trainer.hardware.Target;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.util.Map;

/** Puts the programs of an archive into the cache of the machine that they are for. */
public final class ArchiveImport {
  private ArchiveImport() {}

  /**
   * Opens the devices, looks whether the archive is for them, and takes in its programs.
   *
   * @return how many there were
   * @throws DataException if it is for other devices or another plugin, or damaged
   * @throws dev.hlotune.pjrt.PjrtException if the devices cannot be opened
   */
  public static int into(ExecutableCache cache, CompiledArchive archive) throws IOException {
    ArchiveManifest manifest = archive.manifest();
    PluginTarget target = Target.of(manifest.target()).plugin();
    Plugin plugin =
        PluginRegistry.ofEnvironment(false).load(target, PluginRegistry.Progress.silent());
    try (Client client =
        target == PluginTarget.CPU
            ? plugin.cpuClient(manifest.devices())
            : plugin.client(Map.of())) {
      int there = client.addressableDevices().size();
      if (there < manifest.devices()) {
        throw new DataException(
            archive.path(),
            "archive for '%s': expected %d devices, got %d"
                .formatted(manifest.target(), manifest.devices(), there));
      }
      archive.require(client, manifest.devices());
      return archive.copyTo(cache, client, options(client, manifest.devices()));
    }
  }

  /** Those of a run on so many of the devices. */
  private static CompileOptions options(Client client, int count) {
    Mesh mesh = Mesh.of(new Axis("device", count));
    return new DeviceMesh(mesh, client, client.addressableDevices().subList(0, count))
        .compileOptions();
  }
}
