package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps other processes from writing to the same output directory. */
final class RunLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes it.
   *
   * @param directory that is there
   * @throws ConfigException if another run has it
   */
  static RunLock of(Path directory) throws IOException {
    Path file = directory.resolve(".hlotune.lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Another run of this process has it.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw ConfigException.of(
          "'output_dir': expected a directory that no other run writes to, got '"
              + directory
              + "', which one does; name another, or wait for it");
    }
    return new RunLock(file, channel);
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(file);
    }
  }
}
