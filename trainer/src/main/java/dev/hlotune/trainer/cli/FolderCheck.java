package dev.hlotune.trainer.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Whether a folder can be written to, what is in it and how much room there is. */
final class FolderCheck {
  private static final long LITTLE_ROOM = 1L << 30;

  private FolderCheck() {}

  static Finding of(String subject, Path folder, String howToMove) {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there) && there.getParent() != null) {
      there = there.getParent();
    }
    try {
      long room = Files.getFileStore(there).getUsableSpace();
      String text =
          "%s, %s, %s free"
              .formatted(
                  folder,
                  Files.exists(folder) ? Amounts.bytes(size(folder)) : "not made yet",
                  Amounts.bytes(room));
      if (!Files.isDirectory(there) || !Files.isWritable(there)) {
        return Finding.fail(subject, text + ", not writable", howToMove);
      }
      return room < LITTLE_ROOM
          ? Finding.warn(subject, text, "make room, or: " + howToMove)
          : Finding.ok(subject, text);
    } catch (IOException e) {
      return Finding.fail(subject, folder + ": " + e.getMessage(), howToMove);
    }
  }

  /**
   * Whether something is there that would be written over: a file, or a folder that is not empty.
   */
  static boolean isFilled(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Files.exists(folder);
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isPresent();
    }
  }

  /** Bytes of all files below a folder; what vanishes while it is counted is left out. */
  static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(FolderCheck::sizeOfFile).sum();
    }
  }

  private static long sizeOfFile(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
