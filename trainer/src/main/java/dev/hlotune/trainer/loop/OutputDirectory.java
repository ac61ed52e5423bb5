package dev.hlotune.trainer.loop;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.checkpoint.AtomicDirectory;
import dev.hlotune.trainer.checkpoint.CheckpointDirectory;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The directory that a run writes to, from when it is there kept from other processes. */
final class OutputDirectory implements AutoCloseable {
  private final Path directory;
  private @Nullable RunLock lock;

  private OutputDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Looks whether a run may write there, and whether it can; clears away what a killed one left
   * unfinished. Nothing is made that is not there.
   *
   * @param keeps whether what earlier runs left stays and may be there
   * @throws ConfigException if it holds the results of a run and may not, or if another process
   *     writes to it
   * @throws IOException if it cannot be made or written to
   */
  static OutputDirectory open(Path directory, boolean keeps) throws IOException {
    if (!keeps && hasResults(directory)) {
      throw ConfigException.of(
          "'output_dir': expected a directory without results, got '"
              + directory
              + "' with those of an earlier run; name another, or give --resume auto to go on with"
              + " it, or --overwrite_output_dir true");
    }
    Path existing = directory.toAbsolutePath();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw new IOException(unusable(directory, "cannot write to '" + existing + "'"));
    }
    OutputDirectory opened = new OutputDirectory(directory);
    if (Files.isDirectory(directory)) {
      opened.take();
    }
    return opened;
  }

  private static boolean hasResults(Path directory) throws IOException {
    Path metrics = directory.resolve(MetricsLog.NAME);
    // A run that failed before its first line left nothing that could be lost.
    return Files.exists(directory.resolve("final"))
        || !CheckpointDirectory.in(directory).isEmpty()
        || (Files.exists(metrics) && Files.size(metrics) > 0);
  }

  private void take() throws IOException {
    if (lock == null) {
      lock = RunLock.of(directory);
      AtomicDirectory.recover(directory);
    }
  }

  /**
   * Makes it, where it is not there, and takes away the checkpoints that the run will not go on
   * from.
   *
   * @param weights bytes of the model that will be left in it
   * @param resumed the checkpoint that it goes on from
   * @param overwrite whether later ones may go
   * @throws IOException that says why it cannot be made, or that the model will not fit
   */
  void create(long weights, Optional<Resumption> resumed, boolean overwrite) throws IOException {
    try {
      Files.createDirectories(directory);
    } catch (FileSystemException e) {
      String reason = e.getReason();
      throw new IOException(unusable(directory, reason == null ? "cannot be made" : reason), e);
    }
    take();
    clear(resumed, overwrite);
    // Better now than after hours of training.
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < weights) {
      throw new IOException(
          "'output_dir': expected room for the %d bytes of the trained model, got %d bytes free under '%s'; make room or name another"
              .formatted(weights, free, directory));
    }
  }

  /** Checkpoints of another course of the run would pass for those of this one. */
  private void clear(Optional<Resumption> resumed, boolean overwrite) throws IOException {
    int step = resumed.map(own -> own.progress().step()).orElse(0);
    for (CheckpointDirectory later : CheckpointDirectory.in(directory)) {
      if (later.step() <= step) {
        continue;
      }
      if (!overwrite) {
        throw ConfigException.of(
            "'output_dir': expected no checkpoint after the one to go on from, got '%s'; go on from that one, name another directory, or give --overwrite_output_dir true"
                .formatted(later.path()));
      }
      AtomicDirectory.delete(later.path());
    }
    Leftovers.clear(directory, step);
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }

  private static String unusable(Path directory, String reason) {
    return "'output_dir': expected a directory that can be made and written to, got '%s' (%s)"
        .formatted(directory, reason);
  }
}
