package dev.hlotune.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointDirectoryTest {
  @TempDir Path folder;

  private CheckpointDirectory written(int step) throws IOException {
    CheckpointDirectory checkpoint = CheckpointDirectory.at(folder, step);
    checkpoint.write(place -> {
      AtomicFile.write(place.resolve("model.safetensors"), new byte[] {1, 2, 3});
      AtomicFile.write(place.resolve("more/template.jinja"), new byte[] {4});
    });
    return checkpoint;
  }

  @Test
  void everyByteIsLookedAt() throws IOException {
    CheckpointDirectory checkpoint = written(7);
    checkpoint.verify();
    assertEquals(
        List.of("model.safetensors", "more/template.jinja"),
        List.copyOf(checkpoint.checksums().keySet()));
    Path file = checkpoint.file("more/template.jinja");
    Files.write(file, new byte[] {5});
    assertDamaged(checkpoint, file + ": checkpoint: expected the SHA-256 ");
    Files.write(file, new byte[] {4, 4});
    assertDamaged(checkpoint, file + ": checkpoint: expected 1 bytes, got 2");
    Files.delete(file);
    assertDamaged(checkpoint, file + ": checkpoint: expected this file, got none");
    Path marker = checkpoint.file("checkpoint.json");
    Files.writeString(marker, "{\"format\": 9}");
    assertDamaged(checkpoint, marker + ": 'format': expected 1, got 9; it is of another version");
    Files.delete(marker);
    assertDamaged(checkpoint, "expected 'checkpoint.json' in it, got none; it is not whole");
  }

  private static void assertDamaged(CheckpointDirectory checkpoint, String what)
      throws IOException {
    String message = String.valueOf(checkpoint.damage().orElseThrow().getMessage());
    assertTrue(message.contains(what), message);
  }

  @Test
  void theNewestIsTheOneAfterMostUpdates() throws IOException {
    for (int step : List.of(9, 10, 100, 2)) {
      written(step);
    }
    Files.createDirectories(folder.resolve("checkpoint-x"));
    Files.createFile(folder.resolve("checkpoint-1000"));
    assertEquals(
        List.of(2, 9, 10, 100),
        CheckpointDirectory.in(folder).stream().map(CheckpointDirectory::step).toList());
    assertEquals(100, CheckpointDirectory.named(folder).step());
    assertEquals(9, CheckpointDirectory.named(folder.resolve("checkpoint-9")).step());
    assertEquals(List.of(), CheckpointDirectory.in(folder.resolve("nowhere")));
    assertThrows(
        DataException.class, () -> CheckpointDirectory.named(folder.resolve("checkpoint-x")));
  }

  @Test
  void whatCannotBeWrittenLeavesNothingAndWhatWasThereStays() throws IOException {
    CheckpointDirectory checkpoint = written(3);
    IOException full =
        assertThrows(
            IOException.class,
            () ->
                checkpoint.write(place -> {
                  AtomicFile.write(place.resolve("model.safetensors"), new byte[] {9});
                  throw new IOException("No space left on device");
                }));
    assertEquals("No space left on device", full.getMessage());
    checkpoint.verify();
    assertEquals(List.of(checkpoint.path()), AtomicDirectory.list(folder));
  }

  /** What a process that was killed leaves at each moment of a write. */
  @Test
  void whatAKilledProcessLeftIsClearedAway() throws IOException {
    CheckpointDirectory whole = written(3);
    Files.createDirectories(folder.resolve(".checkpoint-4.123.partial/half"));
    Files.move(written(5).path(), folder.resolve(".checkpoint-5.123.deleted"));
    Files.move(written(6).path(), folder.resolve(".final.123.previous"));
    Files.move(written(7).path(), folder.resolve(".checkpoint-3.123.previous"));
    Files.createFile(folder.resolve("metrics.jsonl"));
    AtomicDirectory.recover(folder);
    assertEquals(
        List.of("checkpoint-3", "final", "metrics.jsonl"),
        AtomicDirectory.list(folder).stream().map(path -> path.getFileName().toString()).toList());
    assertTrue(whole.damage().isEmpty());
    assertFalse(Files.exists(folder.resolve("final/half")));
    AtomicDirectory.recover(folder.resolve("nowhere"));
  }
}
