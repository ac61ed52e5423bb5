package dev.hlotune.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir Path folder;

  @Test
  void writesTheReferenceImplementationsFileByteForByteWhateverTheOrder() throws IOException {
    Path original = Fixtures.path("safetensors/mixed.safetensors");
    Path copy = folder.resolve("deep/er/copy.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(original)) {
      List<TensorEntry> backwards = new ArrayList<>(file.tensors().values());
      Collections.reverse(backwards);
      SafetensorsWriter.write(copy, backwards);
    }
    assertEquals(-1, Files.mismatch(original, copy));
    assertEquals(List.of(copy), filesIn(copy.resolveSibling("")));
  }

  @Test
  void writesTensorsLargerThanAChunk() throws IOException {
    long floats = 20_000_000;
    Path path = folder.resolve("large.safetensors");
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(4 * floats, 4);
      data.setAtIndex(ValueLayout.JAVA_FLOAT, 17_000_001, 3.5f);
      data.setAtIndex(ValueLayout.JAVA_FLOAT, floats - 1, 4.5f);
      SafetensorsWriter.write(
          path, List.of(new TensorEntry("w", StorageType.F32, List.of(floats), data)));
      try (SafetensorsFile file = SafetensorsFile.open(path)) {
        assertEquals(-1, file.tensor("w").data().mismatch(data));
      }
    }
  }

  @Test
  void refusesOneNameTwice() {
    TensorEntry entry = TensorEntry.ofFloats("w", List.of(1L), new float[] {1});
    assertThrows(
        IllegalArgumentException.class,
        () -> SafetensorsWriter.write(folder.resolve("x"), List.of(entry, entry)));
    assertThrows(
        IllegalArgumentException.class,
        () -> TensorEntry.ofFloats("w", List.of(2L), new float[] {1}));
  }

  @Test
  void leavesTheOldFileAndNothingElseWhenWritingFails() throws IOException {
    Path path = Files.writeString(folder.resolve("weights"), "old");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    path,
                    1_000,
                    channel -> {
                      channel.write(ByteBuffer.allocate(100));
                      throw new IOException("No space left on device");
                    }));
    assertTrue(
        String.valueOf(e.getMessage())
            .contains("expected to write 1000 bytes, got 'No space left on device' with "),
        e.getMessage());
    assertEquals("old", Files.readString(path));
    assertEquals(List.of(path), filesIn(folder));
  }

  @Test
  void reportsAFullDisk() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "needs /dev/full, the device that is always full");
    Path path = folder.resolve("weights");
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    path,
                    4,
                    channel -> channel.write(ByteBuffer.allocate(4)),
                    ignored -> FileChannel.open(full, StandardOpenOption.WRITE)));
    assertTrue(String.valueOf(e.getMessage()).contains("No space left on device"), e.getMessage());
    assertFalse(Files.exists(path));
  }

  @Test
  void replacesAFile() throws IOException {
    Path path = folder.resolve("weights");
    SafetensorsWriter.write(path, List.of(TensorEntry.ofFloats("w", List.of(1L), new float[] {1})));
    SafetensorsWriter.write(
        path, List.of(TensorEntry.ofFloats("w", List.of(2L), new float[] {2, 3})));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertArrayEquals(new float[] {2, 3}, file.tensor("w").toFloats());
    }
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
