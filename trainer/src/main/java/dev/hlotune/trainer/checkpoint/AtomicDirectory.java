package dev.hlotune.trainer.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Directories that are there whole or not at all: written as a hidden neighbour, forced to the
 * disk, then renamed. A process that is killed on the way leaves the neighbour, which {@link
 * #recover} clears away.
 */
public final class AtomicDirectory {
  private static final Pattern HIDDEN =
      Pattern.compile("\\.(.+)\\.\\d+\\.(partial|previous|deleted)");

  private AtomicDirectory() {}

  /** What a directory is made of. */
  @FunctionalInterface
  public interface Content {
    /** Writes it into a folder that is there; each file must be on the disk afterwards. */
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Writes a directory whole; one that was there is replaced only once the new one is complete.
   *
   * @throws IOException if it could not be written; nothing is left behind, and what was there
   *     before is untouched
   */
  public static void write(Path target, Content content) throws IOException {
    Path place = target.toAbsolutePath().normalize();
    Path staging = hidden(place, "partial");
    Path previous = hidden(place, "previous");
    try {
      deleteTree(staging);
      Files.createDirectories(staging);
      content.writeTo(staging);
      force(staging);
      deleteTree(previous);
      if (Files.exists(place)) {
        Files.move(place, previous, StandardCopyOption.ATOMIC_MOVE);
      }
      try {
        Files.move(staging, place, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (Files.exists(previous)) {
          Files.move(previous, place, StandardCopyOption.ATOMIC_MOVE);
        }
        throw e;
      }
      force(place.resolveSibling(""));
      deleteTree(previous);
    } finally {
      deleteTree(staging);
    }
  }

  /**
   * Removes a directory with everything in it; it loses its name first, so that it is never seen
   * half there. Nothing happens where there is none.
   */
  public static void delete(Path target) throws IOException {
    Path place = target.toAbsolutePath().normalize();
    if (Files.exists(place)) {
      Path doomed = hidden(place, "deleted");
      deleteTree(doomed);
      Files.move(place, doomed, StandardCopyOption.ATOMIC_MOVE);
      deleteTree(doomed);
    }
  }

  /**
   * Clears away what processes that were killed have left in a folder, and gives a directory back
   * that one of them was about to replace. No other process may be writing there.
   */
  public static void recover(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    for (Path child : list(folder)) {
      Matcher name = HIDDEN.matcher(child.getFileName().toString());
      if (!name.matches()) {
        continue;
      }
      Path place = child.resolveSibling(name.group(1));
      if (name.group(2).equals("previous") && !Files.exists(place)) {
        Files.move(child, place, StandardCopyOption.ATOMIC_MOVE);
      } else {
        deleteTree(child);
      }
    }
  }

  private static Path hidden(Path place, String what) {
    return place.resolveSibling(
        ".%s.%d.%s".formatted(place.getFileName(), ProcessHandle.current().pid(), what));
  }

  /** A name is on the disk once its folder is. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** What is in a folder, by name. */
  static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      for (Path child : list(folder)) {
        deleteTree(child);
      }
    }
    Files.deleteIfExists(folder);
  }
}
