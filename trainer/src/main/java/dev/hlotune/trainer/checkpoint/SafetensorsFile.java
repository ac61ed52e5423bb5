package dev.hlotune.trainer.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An open safetensors file: its tensors by name, as views of the mapped file.
 *
 * <p>Format: an unsigned 64-bit little-endian header length, that many bytes of JSON, then the
 * tensors' bytes without gaps. The whole header is checked on opening.
 *
 * <p>Any thread may read. {@link #close} unmaps the file and makes every entry's data inaccessible;
 * closing twice is fine.
 */
public final class SafetensorsFile implements AutoCloseable {
  private final Path path;
  private final Arena arena;
  private final Map<String, String> metadata;
  private final Map<String, TensorEntry> tensors;

  private SafetensorsFile(
      Path path, Arena arena, Map<String, String> metadata, Map<String, TensorEntry> tensors) {
    this.path = path;
    this.arena = arena;
    this.metadata = metadata;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Maps a file and checks its header.
   *
   * @throws IOException if the file cannot be read
   * @throws dev.hlotune.trainer.source.DataException if it is not a well-formed safetensors file
   */
  public static SafetensorsFile open(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 8) {
        throw Malformed.file(
            path,
            "safetensors: expected at least 8 bytes, got %d; the file is empty or cut short"
                .formatted(size));
      }
      long headerLength = readHeaderLength(channel, path, size);
      byte[] text = new byte[(int) headerLength];
      readFully(channel, ByteBuffer.wrap(text), 8);
      long dataStart = 8 + headerLength;
      SafetensorsHeader header = SafetensorsHeader.parse(path, text, size - dataStart);
      Arena arena = Arena.ofShared();
      try {
        MemorySegment data =
            channel
                .map(FileChannel.MapMode.READ_ONLY, 0, size, arena)
                .asSlice(dataStart, size - dataStart);
        Map<String, TensorEntry> tensors = new LinkedHashMap<>();
        for (SafetensorsHeader.Item item : header.items()) {
          tensors.put(
              item.name(),
              new TensorEntry(
                  item.name(),
                  item.type(),
                  item.shape(),
                  data.asSlice(item.begin(), item.end() - item.begin())));
        }
        return new SafetensorsFile(path, arena, header.metadata(), tensors);
      } catch (IOException | RuntimeException e) {
        arena.close();
        throw e;
      }
    }
  }

  /** The file that was opened. */
  public Path path() {
    return path;
  }

  /** The header's {@code __metadata__}, such as {@code format=pt}; empty where there is none. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The tensors by name, in the order of their bytes in the file. */
  public Map<String, TensorEntry> tensors() {
    return tensors;
  }

  /**
   * The tensor of this name.
   *
   * @throws dev.hlotune.trainer.source.DataException if the file has none
   */
  public TensorEntry tensor(String name) {
    TensorEntry entry = tensors.get(name);
    if (entry == null) {
      throw Malformed.missing(path, name, tensors.keySet());
    }
    return entry;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private static long readHeaderLength(FileChannel channel, Path path, long size)
      throws IOException {
    ByteBuffer prefix = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, prefix, 0);
    long length = prefix.getLong(0);
    // Negative is an unsigned length beyond 2^63.
    if (length < 0 || length > SafetensorsHeader.MAXIMUM_LENGTH) {
      throw Malformed.file(
          path,
          "safetensors header: expected a length of at most %d bytes, got %s; this is not a safetensors file"
              .formatted(SafetensorsHeader.MAXIMUM_LENGTH, Long.toUnsignedString(length)));
    }
    if (length > size - 8) {
      throw Malformed.file(
          path,
          "safetensors header: expected %d bytes after the first 8, got %d; the file is cut short"
              .formatted(length, size - 8));
    }
    return length;
  }

  private static void readFully(FileChannel channel, ByteBuffer target, long position)
      throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new IOException(
            "read: expected %d more bytes, got none".formatted(target.remaining()));
      }
      at += count;
    }
  }
}
