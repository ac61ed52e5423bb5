package dev.hlotune.trainer.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that are there whole or not at all: written beside their place, forced to the disk, then
 * renamed over it.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What is written into the new file, from its beginning. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the channel is closed by the caller. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /** Opens the temporary file: a seam, so that a full disk can be had in a test. */
  @FunctionalInterface
  interface Opener {
    FileChannel open(Path path) throws IOException;
  }

  /**
   * Writes a file whole.
   *
   * @param path where to; its folder is made where it is missing
   * @param expectedBytes what the content will come to, for the message
   * @throws IOException if it could not be written, with the bytes that were needed and were free;
   *     nothing is left behind, and an older file under this name is untouched
   */
  public static void write(Path path, long expectedBytes, Content content) throws IOException {
    write(
        path,
        expectedBytes,
        content,
        temporary ->
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
  }

  /**
   * Writes these bytes to a file whole.
   *
   * @throws IOException as for any content
   */
  public static void write(Path path, byte[] bytes) throws IOException {
    write(
        path,
        bytes.length,
        channel -> {
          ByteBuffer buffer = ByteBuffer.wrap(bytes);
          while (buffer.hasRemaining()) {
            channel.write(buffer);
          }
        });
  }

  static void write(Path path, long expectedBytes, Content content, Opener opener)
      throws IOException {
    Path target = path.toAbsolutePath();
    Path folder = target.resolveSibling("");
    Files.createDirectories(folder);
    Path temporary =
        target.resolveSibling(
            ".%s.%d.partial".formatted(target.getFileName(), ProcessHandle.current().pid()));
    try {
      try (FileChannel channel = opener.open(temporary)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // First, so that the room it took counts as free.
      Files.deleteIfExists(temporary);
      throw new IOException(
          "'%s': expected to write %d bytes, got '%s' with %d bytes free; nothing was left half written, make room or name another folder"
              .formatted(path, expectedBytes, reason(e), freeBytes(folder)),
          e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static long freeBytes(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }
}
