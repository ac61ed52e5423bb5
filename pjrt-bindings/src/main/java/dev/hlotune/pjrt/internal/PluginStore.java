package dev.hlotune.pjrt.internal;

import dev.hlotune.pjrt.web.HeldLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The place of one plugin in the cache: a directory named by the wheel's digest, which holds the
 * shared library and its licence at the paths they have in the wheel, and which appears whole.
 * Files of other wheels that the plugin looks for beside itself can be added.
 */
public final class PluginStore {
  private final Path cache;
  private final Path directory;
  private final String library;

  /** Puts the wheel into a file, which may hold the beginning of it. */
  @FunctionalInterface
  public interface Fetch {
    /**
     * Fetches it.
     *
     * @param tried where each place that was looked at is noted
     */
    void into(Path part, List<String> tried) throws IOException, InterruptedException;
  }

  /**
   * A place.
   *
   * @param cache the directory of all plugins
   * @param sha256 of the wheel
   * @param library the shared library's path in the wheel
   */
  public PluginStore(Path cache, String sha256, String library) {
    this.cache = cache;
    this.directory = cache.resolve(sha256);
    this.library = library;
  }

  /** The shared library's file, there or not. */
  public Path library() {
    return directory.resolve(library);
  }

  /**
   * Installs the wheel, unless it is there or comes while waiting for another process.
   *
   * @return the shared library's file
   */
  public Path install(Fetch fetch, List<String> tried) throws IOException, InterruptedException {
    Files.createDirectories(cache);
    try (HeldLock _ = HeldLock.take(sibling(".lock"))) {
      if (!Files.isRegularFile(library())) {
        Path part = sibling(".whl.part");
        fetch.into(part, tried);
        Path partial = sibling(".unpacking");
        delete(partial);
        unpack(part, partial, Set.of(library));
        // Left over from a version that put other files there.
        delete(directory);
        Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(part);
      }
      return library();
    }
  }

  /**
   * Puts files of another wheel beside those of the plugin, which is installed, unless they are
   * there. They keep the paths that they have in it; programs among them can be run.
   *
   * @param sha256 of that wheel
   * @param files paths in it
   */
  public void add(String sha256, List<String> files, Fetch fetch, List<String> tried)
      throws IOException, InterruptedException {
    try (HeldLock _ = HeldLock.take(sibling(".lock"))) {
      if (files.stream().allMatch(this::has)) {
        return;
      }
      Path part = cache.resolve(sha256 + ".whl.part");
      fetch.into(part, tried);
      Path partial = sibling(".unpacking");
      delete(partial);
      unpack(part, partial, Set.copyOf(files));
      for (String file : files) {
        Path place = directory.resolve(file);
        Files.createDirectories(place.resolve("..").normalize());
        Path unpacked = partial.resolve(file);
        if (file.contains("/bin/")) {
          Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.move(unpacked, place, StandardCopyOption.ATOMIC_MOVE);
      }
      delete(partial);
      Files.delete(part);
    }
  }

  /** Whether that file is there, by its path in the wheel that it is of. */
  public boolean has(String file) {
    return Files.isRegularFile(directory.resolve(file));
  }

  private Path sibling(String suffix) {
    return directory.resolveSibling(directory.getFileName() + suffix);
  }

  private static void unpack(Path wheel, Path target, Set<String> wanted) throws IOException {
    Set<String> missing = new TreeSet<>(wanted);
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        boolean isWanted = wanted.contains(entry.getName());
        if (entry.isDirectory() || (!isWanted && !isLicence(entry.getName()))) {
          continue;
        }
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException("expected paths inside the wheel, got '" + entry.getName() + "'");
        }
        Files.createDirectories(file.resolve("..").normalize());
        try (InputStream in = zip.getInputStream(entry)) {
          Files.copy(in, file);
        } catch (FileAlreadyExistsException twice) {
          throw new IOException(
              "expected each file once, got '" + entry.getName() + "' twice", twice);
        }
        missing.remove(entry.getName());
      }
    }
    if (!missing.isEmpty()) {
      throw new IOException(
          "expected '" + String.join("', '", missing) + "' in the wheel, got none");
    }
  }

  private static boolean isLicence(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT);
    return file.startsWith("LICENSE") || file.startsWith("LICENCE") || file.startsWith("NOTICE");
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    List<Path> all;
    try (var walk = Files.walk(tree)) {
      all = walk.toList().reversed();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }
}
