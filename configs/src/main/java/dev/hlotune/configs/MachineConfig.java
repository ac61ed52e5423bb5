package dev.hlotune.configs;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Seeds and the machine.
 *
 * @param seed the seed of random weights
 * @param dataSeed the seed of the data order
 * @param platform the kind of device
 * @param plugin a plugin file to use instead of the installed one
 * @param offline whether the network is left alone
 * @param compiledArchive programs that were compiled elsewhere
 * @param cacheDirectory where programs and prepared data are kept; empty is the user's
 */
public record MachineConfig(
    int seed,
    int dataSeed,
    Platform platform,
    Optional<Path> plugin,
    boolean offline,
    Optional<Path> compiledArchive,
    Optional<Path> cacheDirectory) {

  public MachineConfig {
    new Checks().within(RunKeys.SEED, seed).within(RunKeys.DATA_SEED, dataSeed).done();
  }

  static MachineConfig of(Settings settings) {
    return new MachineConfig(
        settings.get(RunKeys.SEED),
        settings.find(RunKeys.DATA_SEED).orElseGet(() -> settings.get(RunKeys.SEED)),
        settings.get(RunKeys.PLATFORM),
        settings.find(RunKeys.PLUGIN),
        settings.get(RunKeys.OFFLINE),
        settings.find(RunKeys.COMPILED_ARCHIVE),
        settings.find(RunKeys.CACHE_DIR));
  }

  /**
   * Where compiled programs and prepared data are kept: {@code cache_dir}, else {@code
   * $XDG_CACHE_HOME/hlotune}, else {@code ~/.cache/hlotune}.
   */
  public Path cacheRoot() {
    return cacheDirectory.orElseGet(MachineConfig::userCacheRoot);
  }

  /** As {@link #cacheRoot}, for a command that has no recipe. */
  public static Path userCacheRoot() {
    String base = System.getenv("XDG_CACHE_HOME");
    return base == null || base.isBlank()
        ? Path.of(System.getProperty("user.home"), ".cache", "hlotune")
        : Path.of(base, "hlotune");
  }

  void addTo(Values values) {
    values
        .put(RunKeys.SEED, seed)
        .put(RunKeys.DATA_SEED, dataSeed)
        .put(RunKeys.PLATFORM, platform)
        .put(RunKeys.PLUGIN, plugin)
        .put(RunKeys.OFFLINE, offline)
        .put(RunKeys.COMPILED_ARCHIVE, compiledArchive)
        .put(RunKeys.CACHE_DIR, cacheDirectory);
  }
}
