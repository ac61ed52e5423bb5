package dev.hlotune.trainer.archive;

import dev.hlotune.pjrt.CompileOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes an archive, program by program; the file is there when it is whole. */
public final class ArchiveWriter implements AutoCloseable {
  private final Path target;
  private final Path temporary;
  private final ZipOutputStream zip;
  private final List<ArchivedProgram> programs = new ArrayList<>();

  private ArchiveWriter(Path target, Path temporary) throws IOException {
    this.target = target;
    this.temporary = temporary;
    this.zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary)));
  }

  /**
   * Begins an archive.
   *
   * @param file where it will be; its folder is made where it is missing
   */
  public static ArchiveWriter create(Path file) throws IOException {
    Path whole = file.toAbsolutePath();
    Path folder = Files.createDirectories(whole.resolve("..").normalize());
    return new ArchiveWriter(whole, Files.createTempFile(folder, "programs", ".tmp"));
  }

  /**
   * Adds a program.
   *
   * @param name distinct from the others, and fit for a file
   * @param text its StableHLO
   * @param options that it was compiled with
   * @param executable what the compiler made of it, serialized
   */
  public void add(String name, String text, CompileOptions options, byte[] executable)
      throws IOException {
    ArchivedProgram program = ArchivedProgram.of(name, text, options, executable);
    entry(program.textEntry(), text.getBytes(StandardCharsets.UTF_8));
    entry(program.executableEntry(), executable);
    programs.add(program);
  }

  /**
   * Ends it and puts it in its place.
   *
   * @param manifest makes the manifest of the programs that were added
   */
  public void finish(Function<List<ArchivedProgram>, ArchiveManifest> manifest) throws IOException {
    entry(ArchiveManifest.ENTRY, manifest.apply(programs).toJson());
    zip.close();
    Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
  }

  private void entry(String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    // The same programs give the same file, whenever they are written.
    entry.setTime(0);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  /** Removes what was written of it, unless it is finished. */
  @Override
  public void close() throws IOException {
    if (Files.exists(temporary)) {
      zip.close();
      Files.deleteIfExists(temporary);
    }
  }
}
