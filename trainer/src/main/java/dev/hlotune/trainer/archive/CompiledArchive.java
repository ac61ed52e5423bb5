package dev.hlotune.trainer.archive;

import dev.hlotune.pjrt.Client;
import dev.hlotune.pjrt.CompileOptions;
import dev.hlotune.pjrt.ExecutableCache;
import dev.hlotune.pjrt.PjrtException;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An archive of compiled programs. Nothing of it is held open: a program is read when it is asked
 * for.
 *
 * @param path its file
 * @param manifest what it says of itself
 */
public record CompiledArchive(Path path, ArchiveManifest manifest) {

  /**
   * Opens an archive.
   *
   * @throws DataException if there is none, or it is damaged
   */
  public static CompiledArchive open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new DataException(path, "archive: expected a file, got none");
    }
    return new CompiledArchive(
        path, ArchiveManifest.read(path, entry(path, ArchiveManifest.ENTRY)));
  }

  /**
   * Looks whether it is for these devices and this plugin.
   *
   * @param client the devices
   * @param count how many of them a run takes
   * @throws DataException that names what it is for, and what there is
   */
  public void require(Client client, int count) {
    require("platform", manifest.platform(), client.platformName());
    require(
        "devices",
        manifest.devices() + " × " + manifest.deviceKind(),
        count + " × " + client.device().kind());
    if (!manifest.identity().equals(client.plugin().identity())) {
      throw new DataException(
          path,
          "archive: expected plugin '%s', which is %s, got '%s'; compile it again with this one, or install that one"
              .formatted(manifest.identity(), manifest.plugin(), client.plugin().identity()));
    }
    if (!manifest.topologySha256().isEmpty()
        && !manifest.topologySha256().equals(topology(client))) {
      throw new DataException(
          path,
          "archive: expected the kind of processor that it was compiled on, got another; compile it again here");
    }
  }

  private void require(String what, String expected, String got) {
    if (!expected.equals(got)) {
      throw new DataException(
          path,
          "archive for '%s': expected %s %s, got %s"
              .formatted(manifest.target(), what, expected, got));
    }
  }

  /** Digest of what a plugin says of devices that are there; empty where it says nothing. */
  public static String topology(Client client) {
    try {
      return ArchivedProgram.digest(client.topology().serialize());
    } catch (PjrtException unknown) {
      return "";
    }
  }

  /**
   * What the compiler made of a program, as {@link Client#load} takes it.
   *
   * @return nothing where it is not among these
   * @throws DataException if the archive is damaged
   */
  public Optional<byte[]> find(String text, CompileOptions options) {
    String textSha256 = ArchivedProgram.digest(text);
    String optionsSha256 = ArchivedProgram.digest(options);
    return manifest.programs().stream()
        .filter(program ->
            program.textSha256().equals(textSha256)
                && program.optionsSha256().equals(optionsSha256))
        .findFirst()
        .map(this::executable);
  }

  private byte[] executable(ArchivedProgram program) {
    byte[] bytes = entry(path, program.executableEntry());
    check(program.executableEntry(), program.executableSha256(), bytes);
    return bytes;
  }

  private void check(String entry, String expected, byte[] bytes) {
    String got = ArchivedProgram.digest(bytes);
    if (!got.equals(expected)) {
      throw new DataException(
          path, "'%s': expected sha256 %s, got %s".formatted(entry, expected, got));
    }
  }

  /**
   * Puts all its programs into a cache.
   *
   * @param client the devices, for which it was checked
   * @param options that a run has its programs compiled with
   * @return how many there were
   * @throws DataException if the archive is damaged, or was compiled with other options
   */
  public int copyTo(ExecutableCache cache, Client client, CompileOptions options)
      throws IOException {
    List<ArchivedProgram> programs = manifest.programs();
    for (ArchivedProgram program : programs) {
      if (!program.optionsSha256().equals(ArchivedProgram.digest(options))) {
        throw new DataException(
            path,
            "'%s': expected the options of a run on %d devices, got others"
                .formatted(program.name(), options.deviceCount()));
      }
      byte[] text = entry(path, program.textEntry());
      check(program.textEntry(), program.textSha256(), text);
      cache.put(client, new String(text, StandardCharsets.UTF_8), options, executable(program));
    }
    return programs.size();
  }

  private static byte[] entry(Path path, String name) {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      ZipEntry entry = zip.getEntry(name);
      if (entry == null) {
        throw new DataException(path, "archive: expected an entry '" + name + "', got none");
      }
      try (InputStream in = zip.getInputStream(entry)) {
        return in.readAllBytes();
      }
    } catch (ZipException broken) {
      throw new DataException(
          path, "archive: expected a zip file of compiled programs, got " + broken.getMessage());
    } catch (IOException unreadable) {
      throw new DataException(path, "archive: " + unreadable.getMessage(), unreadable);
    }
  }
}
