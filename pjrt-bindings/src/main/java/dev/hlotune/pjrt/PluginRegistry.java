package dev.hlotune.pjrt;

import dev.hlotune.pjrt.internal.NativeLibrary;
import dev.hlotune.pjrt.internal.PipSettings;
import dev.hlotune.pjrt.internal.PluginStore;
import dev.hlotune.pjrt.internal.WheelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds plugins, and installs those that are pinned: from the Python package index into a directory
 * of the user's, known by digest, so that every checkout and every version of hlotune shares them.
 *
 * <p>A plugin is looked for in this order: the file that the caller names, the file that {@code
 * HLOTUNE_PLUGIN} names, the cache {@code $XDG_CACHE_HOME/hlotune/pjrt/SHA256/} (by default under
 * {@code ~/.cache}). Installing looks at {@code PIP_FIND_LINKS} and then at the indexes that pip
 * would use ({@code PIP_INDEX_URL}, {@code PIP_EXTRA_INDEX_URL}, {@code pip.conf}), through {@code
 * HTTPS_PROXY} and with {@code PIP_CERT} or {@code SSL_CERT_FILE} if they are set.
 */
public final class PluginRegistry {
  private final Map<String, String> environment;
  private final Path cache;
  private final Path home;
  private final boolean offline;
  private final String platform;

  /**
   * What there is of a target on this machine.
   *
   * @param target the target
   * @param supported whether a plugin is pinned for this platform
   * @param library the installed file, if it is installed
   */
  public record Status(PluginTarget target, boolean supported, Optional<Path> library) {}

  /**
   * What the package indexes say of a target's file.
   *
   * @param found whether one of them has it
   * @param answers a line on each of them
   */
  public record Availability(boolean found, List<String> answers) {
    /** Copies the list. */
    public Availability {
      answers = List.copyOf(answers);
    }
  }

  /** Is told how an installation goes on. */
  @FunctionalInterface
  public interface Progress {
    /**
     * More has arrived.
     *
     * @param file what is being fetched
     * @param done bytes so far
     * @param total bytes in all, or -1 if the server does not say
     */
    void update(String file, long done, long total);

    /** Tells nobody. */
    static Progress silent() {
      return (_, _, _) -> {};
    }
  }

  /**
   * A registry.
   *
   * @param environment variables by name
   * @param home the user's directory
   * @param offline whether to ask no server
   */
  public PluginRegistry(Map<String, String> environment, Path home, boolean offline) {
    this.environment = Map.copyOf(environment);
    String caches = environment.get("XDG_CACHE_HOME");
    this.cache =
        (caches == null || caches.isBlank() ? home.resolve(".cache") : Path.of(caches))
            .resolve("hlotune")
            .resolve("pjrt");
    this.home = home;
    this.offline = offline;
    this.platform = PluginTarget.platform();
  }

  /** The registry of this process's own environment. */
  public static PluginRegistry ofEnvironment(boolean offline) {
    return new PluginRegistry(
        System.getenv(), Path.of(System.getProperty("user.home", ".")), offline);
  }

  /** Where plugins are kept. */
  public Path cacheDirectory() {
    return cache;
  }

  /** All targets and what there is of them. */
  public List<Status> list() {
    return Arrays.stream(PluginTarget.values())
        .map(target -> new Status(target, target.wheel(platform).isPresent(), installed(target)))
        .toList();
  }

  /**
   * The file of a target's plugin, if it is there: {@code HLOTUNE_PLUGIN} or the cache.
   *
   * @throws PjrtException if {@code HLOTUNE_PLUGIN} names no file
   */
  public Optional<Path> locate(PluginTarget target) {
    Optional<Path> named = named();
    return named.isPresent() ? named : installed(target);
  }

  /**
   * Loads a target's plugin, installing it first if it is nowhere.
   *
   * @throws PjrtException if it cannot be found, installed or loaded
   */
  public Plugin load(PluginTarget target, Progress progress) {
    Optional<Path> found = locate(target);
    return Plugin.load(found.isPresent() ? found.get() : install(target, progress));
  }

  /**
   * Installs a target's plugin, unless it is installed. Several processes may do so at once: one
   * fetches, the others wait.
   *
   * @return the shared library
   * @throws PjrtException with all that was tried
   */
  public Path install(PluginTarget target, Progress progress) {
    PluginTarget.PinnedWheel wheel = pinned(target);
    PluginStore store = store(target, wheel);
    List<String> tried = new ArrayList<>();
    tried.add("'" + store.library() + "': not there");
    return attempt(
        "plugin '" + target.id() + "'",
        target.project(),
        wheel,
        tried,
        ", or set HLOTUNE_PLUGIN to a plugin's shared library",
        () -> store.install(fetch(target.project(), wheel, progress), tried));
  }

  /**
   * Loads a target's plugin to compile for devices that are not there, installing it and what it
   * needs besides where they are missing. Beside a plugin that {@code HLOTUNE_PLUGIN} names,
   * nothing is installed.
   *
   * @throws PjrtException if it cannot be found, installed or loaded
   */
  public Plugin loadCompiler(PluginTarget target, Progress progress) {
    target.compilerEnvironment().forEach(NativeLibrary::setEnvironmentDefault);
    if (named().isEmpty()) {
      install(target, progress);
      PluginCompanion.of(target).forEach(companion -> install(target, companion, progress));
    }
    return load(target, progress);
  }

  private void install(PluginTarget target, PluginCompanion companion, Progress progress) {
    PluginStore store = store(target, pinned(target));
    if (companion.files().stream().allMatch(store::has)) {
      return;
    }
    PluginTarget.PinnedWheel wheel = companion.wheel(platform).orElseThrow();
    List<String> tried = new ArrayList<>();
    attempt(
        "'" + companion.files().getFirst() + "' beside plugin '" + target.id() + "'",
        companion.project(),
        wheel,
        tried,
        "",
        () -> {
          store.add(
              wheel.sha256(),
              companion.files(),
              fetch(companion.project(), wheel, progress),
              tried);
          return store.library();
        });
  }

  private PluginStore store(PluginTarget target, PluginTarget.PinnedWheel wheel) {
    return new PluginStore(cache, wheel.sha256(), target.library());
  }

  private PluginStore.Fetch fetch(
      String project, PluginTarget.PinnedWheel wheel, Progress progress) {
    WheelSource source = source(project, wheel);
    return (part, attempts) ->
        source.fetch(part, (done, total) -> progress.update(wheel.file(), done, total), attempts);
  }

  /** An installation that may fail. */
  @FunctionalInterface
  private interface Installation {
    Path run() throws IOException, InterruptedException;
  }

  private static Path attempt(
      String what,
      String project,
      PluginTarget.PinnedWheel wheel,
      List<String> tried,
      String orElse,
      Installation installation) {
    try {
      return installation.run();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new PjrtException(ErrorCode.CANCELLED, "plugins install", "interrupted");
    } catch (IOException failure) {
      PjrtException exception =
          new PjrtException(
              ErrorCode.UNAVAILABLE,
              "plugins install",
              "expected "
                  + what
                  + " ("
                  + wheel.file()
                  + "), got: "
                  + failure.getMessage()
                  + "; tried\n  "
                  + String.join("\n  ", tried)
                  + "\n  fetch the file \""
                  + wheel.file()
                  + "\" of project "
                  + project
                  + " where there is a network and set PIP_FIND_LINKS to its directory"
                  + orElse);
      exception.initCause(failure);
      throw exception;
    }
  }

  /**
   * Asks the package indexes whether a target could be installed, and installs nothing.
   *
   * @throws PjrtException if no plugin is pinned for this platform
   */
  public Availability probe(PluginTarget target) {
    List<String> answers = new ArrayList<>();
    boolean found = false;
    try {
      found = source(target.project(), pinned(target)).probe(answers);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new PjrtException(ErrorCode.CANCELLED, "plugins probe", "interrupted");
    } catch (IOException failure) {
      answers.add(String.valueOf(failure.getMessage()));
    }
    return new Availability(found, answers);
  }

  private PluginTarget.PinnedWheel pinned(PluginTarget target) {
    return target
        .wheel(platform)
        .orElseThrow(() ->
            new PjrtException(
                ErrorCode.UNIMPLEMENTED,
                "plugins install",
                "expected a platform with a plugin for '"
                    + target.id()
                    + "', got '"
                    + platform
                    + "'; set HLOTUNE_PLUGIN to a plugin's file"));
  }

  private WheelSource source(String project, PluginTarget.PinnedWheel wheel) {
    return new WheelSource(
        environment,
        PipSettings.read(environment, home),
        project,
        wheel.file(),
        wheel.sha256(),
        offline);
  }

  private Optional<Path> named() {
    String file = environment.get("HLOTUNE_PLUGIN");
    if (file == null || file.isBlank()) {
      return Optional.empty();
    }
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      throw new PjrtException(
          ErrorCode.NOT_FOUND, "HLOTUNE_PLUGIN", "expected a plugin file, got '" + path + "'");
    }
    return Optional.of(path);
  }

  private Optional<Path> installed(PluginTarget target) {
    return target
        .wheel(platform)
        .map(wheel -> store(target, wheel).library())
        .filter(Files::isRegularFile);
  }
}
