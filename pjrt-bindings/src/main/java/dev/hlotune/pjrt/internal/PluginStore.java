package dev.hlotune.pjrt.internal;

import dev.hlotune.pjrt.web.HeldLock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The place of one plugin in the cache: a directory named by the wheel's digest, which holds the
 * shared library and its licence at the paths they have in the wheel, and which appears whole.
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
        unpack(part, partial);
        // Left over from a version that put other files there.
        delete(directory);
        Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(part);
      }
      return library();
    }
  }

  private Path sibling(String suffix) {
    return directory.resolveSibling(directory.getFileName() + suffix);
  }

  private void unpack(Path wheel, Path target) throws IOException {
    boolean found = false;
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        boolean isLibrary = entry.getName().equals(library);
        if (entry.isDirectory() || (!isLibrary && !isLicence(entry.getName()))) {
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
        found |= isLibrary;
      }
    }
    if (!found) {
      throw new IOException("expected '" + library + "' in the wheel, got none");
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
