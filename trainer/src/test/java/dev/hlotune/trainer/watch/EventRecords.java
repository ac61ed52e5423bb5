package dev.hlotune.trainer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** Reads TensorBoard's event files, and holds their checksums. */
final class EventRecords {
  private EventRecords() {}

  /** The events of the one file in a folder. */
  static List<ProtoReader> of(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertEquals(1, all.size(), all.toString());
      return read(Files.readAllBytes(all.getFirst()));
    }
  }

  static List<ProtoReader> read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<ProtoReader> events = new ArrayList<>();
    while (in.hasRemaining()) {
      int start = in.position();
      int length = Math.toIntExact(in.getLong());
      assertEquals(unmasked(in.getInt()), checksum(bytes, start, Long.BYTES), "of the length");
      byte[] event = new byte[length];
      in.get(event);
      assertEquals(unmasked(in.getInt()), checksum(event, 0, length), "of the event");
      events.add(new ProtoReader(event));
    }
    return events;
  }

  /** tensorflow/core/lib/hash/crc32c.h, Unmask. */
  private static int unmasked(int masked) {
    return Integer.rotateLeft(masked - 0xa282ead8, 15);
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }
}
