package dev.hlotune.trainer.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes safetensors files, byte for byte as the reference implementation lays them out. */
public final class SafetensorsWriter {
  /** What transformers looks for before it accepts a file as PyTorch weights. */
  public static final Map<String, String> PYTORCH = Map.of("format", "pt");

  private SafetensorsWriter() {}

  /**
   * Writes these tensors to one file, whatever order they are given in: widest element first, then
   * by name, which keeps every tensor aligned and makes the file a function of its content.
   *
   * <p>The file appears under its name only when it is complete and on the disk; it replaces one
   * that was there. The tensors' bytes are asked for one tensor at a time, in the file's order, and
   * never kept.
   *
   * @param path where to
   * @param tensors distinct names; the data may be larger than 2 GiB and off the heap
   * @throws IOException if it could not be written whole, naming the bytes it needed; nothing is
   *     left behind, and an older file under this name is untouched
   */
  public static void write(Path path, Collection<? extends WritableTensor> tensors)
      throws IOException {
    List<WritableTensor> ordered = new ArrayList<>(tensors);
    ordered.sort(
        Comparator.comparing(WritableTensor::type).reversed().thenComparing(WritableTensor::name));
    List<SafetensorsHeader.Item> items = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long position = 0;
    for (WritableTensor entry : ordered) {
      if (!names.add(entry.name())) {
        throw new IllegalArgumentException(
            "tensors: expected distinct names, got '%s' twice".formatted(entry.name()));
      }
      long end = position + entry.byteSize();
      items.add(
          new SafetensorsHeader.Item(entry.name(), entry.type(), entry.shape(), position, end));
      position = end;
    }
    byte[] header = new SafetensorsHeader(PYTORCH, items).toBytes();
    AtomicFile.write(
        path,
        header.length + position,
        channel -> {
          writeFully(channel, ByteBuffer.wrap(header));
          for (WritableTensor entry : ordered) {
            long before = channel.position();
            entry.writeTo(piece -> writeFully(channel, piece.asByteBuffer()));
            if (channel.position() - before != entry.byteSize()) {
              throw new IllegalStateException(
                  "tensor '%s': expected %d bytes, got %d"
                      .formatted(entry.name(), entry.byteSize(), channel.position() - before));
            }
          }
        });
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
