package dev.hlotune.trainer.loop;

import dev.hlotune.configs.MachineConfig;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.pjrt.PluginRegistry;
import java.nio.file.Path;

/** The per-user directory for what can be made again: prepared data, compiled programs. */
public final class CacheDirectory {
  private CacheDirectory() {}

  /** The directory that a recipe names, or the user's. */
  public static Path of(MachineConfig machine) {
    return machine.cacheDirectory().orElseGet(CacheDirectory::standard);
  }

  /** Compiled programs in it. */
  public static ExecutableCache executables(MachineConfig machine) {
    return machine
        .cacheDirectory()
        .map(directory ->
            new ExecutableCache(directory.resolve("executables"), ExecutableCache.DEFAULT_LIMIT))
        .orElseGet(ExecutableCache::ofEnvironment);
  }

  /** {@code $XDG_CACHE_HOME/hlotune}, by default {@code ~/.cache/hlotune}. */
  public static Path standard() {
    Path plugins = PluginRegistry.ofEnvironment(true).cacheDirectory().toAbsolutePath();
    Path parent = plugins.getParent();
    return parent == null ? plugins : parent;
  }
}
