package dev.hlotune.pjrt;

import dev.hlotune.pjrt.internal.Contents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Compiled programs on disk, so that a program is compiled once per machine and not once per run. A
 * program is known by the digest of its text, its options, the build of the plugin and the devices
 * (for a CPU, its instruction sets). Many processes may share a directory. Nothing here is needed:
 * a damaged entry, or a disk that is full, costs a warning and a compilation.
 */
public final class ExecutableCache {
  /** What a cache takes unless it is told otherwise: 4 GiB. */
  public static final long DEFAULT_LIMIT = 4L << 30;

  private static final System.Logger LOG = System.getLogger("dev.hlotune.pjrt");
  private static final String ENTRY = ".executable";
  private static final String TEMPORARY = ".tmp";
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path directory;
  private final long limit;

  /**
   * A program that is ready to run.
   *
   * @param executable the program, which the caller closes
   * @param cached whether it came from the cache
   * @param duration how long compiling or loading it took
   */
  public record Compiled(LoadedExecutable executable, boolean cached, Duration duration) {}

  /**
   * A program in the cache.
   *
   * @param key its digest
   * @param bytes its size
   * @param lastUsed when it was last written or loaded
   */
  public record Entry(String key, long bytes, Instant lastUsed) {}

  /**
   * A cache.
   *
   * @param directory made when the first program is written
   * @param limit bytes; the programs used longest ago go first
   */
  public ExecutableCache(Path directory, long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException(
          "executable cache: expected a limit of 0 or more bytes, got " + limit);
    }
    this.directory = directory;
    this.limit = limit;
  }

  /** The cache in the folder {@code executables} of a directory, with the default limit. */
  public static ExecutableCache under(Path root) {
    return new ExecutableCache(root.resolve("executables"), DEFAULT_LIMIT);
  }

  /**
   * The cache of an environment: {@code $XDG_CACHE_HOME/hlotune/executables}, by default under
   * {@code ~/.cache}.
   */
  public static ExecutableCache of(Map<String, String> environment, Path home) {
    String caches = environment.get("XDG_CACHE_HOME");
    return under(
        (caches == null || caches.isBlank() ? home.resolve(".cache") : Path.of(caches))
            .resolve("hlotune"));
  }

  /** The cache of this process's own environment. */
  public static ExecutableCache ofEnvironment() {
    return of(System.getenv(), Path.of(System.getProperty("user.home", ".")));
  }

  /** Where the programs are. */
  public Path directory() {
    return directory;
  }

  /** How many bytes it may take. */
  public long limit() {
    return limit;
  }

  /**
   * Loads a program, or compiles it and writes it down.
   *
   * @param program StableHLO text, as for {@link Client#compile}
   * @throws PjrtException if it can neither be loaded nor compiled
   */
  public Compiled compile(Client client, String program, CompileOptions options) {
    long start = System.nanoTime();
    Path file = directory.resolve(key(client, program, options) + ENTRY);
    LoadedExecutable loaded = load(client, file);
    if (loaded != null) {
      return new Compiled(loaded, true, Duration.ofNanos(System.nanoTime() - start));
    }
    LoadedExecutable compiled = client.compile(program, options);
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    try {
      byte[] bytes = compiled.serialize();
      if (bytes.length <= limit) {
        write(file, bytes);
        trim();
      }
    } catch (IOException failure) {
      LOG.log(
          System.Logger.Level.WARNING,
          "executable cache: expected to write ''{0}'', got {1}; it will be compiled again",
          file,
          failure.toString());
    } catch (PjrtException failure) {
      // A plugin that cannot serialize: every run compiles.
      LOG.log(System.Logger.Level.DEBUG, "executable cache", failure);
    }
    return new Compiled(compiled, false, duration);
  }

  /**
   * Puts a program in that was compiled elsewhere.
   *
   * @param client the devices that it is for
   * @param program its StableHLO text
   * @param options that it was compiled with
   * @param serialized as {@link Executable#serialize} gives it
   * @throws IOException if it cannot be written
   */
  public void put(Client client, String program, CompileOptions options, byte[] serialized)
      throws IOException {
    write(directory.resolve(key(client, program, options) + ENTRY), serialized);
    trim();
  }

  /** What is in it, the most recently used first. */
  public List<Entry> list() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Entry> entries = new ArrayList<>();
      for (Path file : files.filter(file -> file.toString().endsWith(ENTRY)).toList()) {
        try {
          String name = String.valueOf(file.getFileName());
          entries.add(
              new Entry(
                  name.substring(0, name.length() - ENTRY.length()),
                  Files.size(file),
                  Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException gone) {
          // Another process took it out meanwhile.
        }
      }
      entries.sort(Comparator.comparing(Entry::lastUsed).reversed());
      return entries;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The bytes that it takes. */
  public long size() {
    return list().stream().mapToLong(Entry::bytes).sum();
  }

  /**
   * Empties it.
   *
   * @return how many programs there were
   */
  public int clear() {
    List<Entry> entries = list();
    entries.forEach(this::delete);
    return entries.size();
  }

  /** The digest that a program is known by. */
  static String key(Client client, String program, CompileOptions options) {
    MessageDigest digest = Contents.sha256();
    byte[] devices;
    try {
      devices = client.topology().serialize();
    } catch (PjrtException unknown) {
      devices =
          client.devices().stream()
              .map(Device::kind)
              .collect(Collectors.joining("\n"))
              .getBytes(StandardCharsets.UTF_8);
    }
    for (byte[] part :
        List.of(
            program.getBytes(StandardCharsets.UTF_8),
            options.on(client.platformName()).toBytes(),
            client.plugin().identity().getBytes(StandardCharsets.UTF_8),
            client.platformVersion().getBytes(StandardCharsets.UTF_8),
            devices)) {
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
      digest.update(part);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static @Nullable LoadedExecutable load(Client client, Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      LoadedExecutable loaded = client.load(Files.readAllBytes(file));
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return loaded;
    } catch (IOException | PjrtException | IllegalArgumentException failure) {
      LOG.log(
          System.Logger.Level.WARNING,
          "executable cache: expected a program in ''{0}'', got {1}; it is compiled again",
          file,
          failure.getMessage());
      return null;
    }
  }

  private void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(directory);
    Path temporary = Files.createTempFile(directory, "program", TEMPORARY);
    try {
      Files.write(temporary, bytes);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void trim() throws IOException {
    long total = 0;
    for (Entry entry : list()) {
      total += entry.bytes();
      if (total > limit) {
        delete(entry);
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      Instant old = Instant.now().minus(ABANDONED);
      for (Path file : files.filter(file -> file.toString().endsWith(TEMPORARY)).toList()) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private void delete(Entry entry) {
    try {
      Files.deleteIfExists(directory.resolve(entry.key() + ENTRY));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
