package dev.hlotune.trainer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorBoardTest {
  @TempDir Path folder;

  /** The reader of these tests reads what TensorBoard's own writer wrote. */
  @Test
  void theReaderIsRight() throws IOException {
    byte[] recorded = Files.readAllBytes(Fixtures.path("watch/events.out.tfevents.recorded"));
    List<ProtoReader> events = EventRecords.read(recorded);
    assertEquals("brain.Event:2", events.getFirst().text(3));
    ProtoReader scalar = events.get(1);
    assertEquals(7, scalar.number(2));
    assertEquals("train/loss", scalar.message(5).message(1).text(1));
    assertEquals(0.625f, scalar.message(5).message(1).single(2));
    recorded[recorded.length - 10] ^= 1;
    assertThrows(AssertionError.class, () -> EventRecords.read(recorded));
  }

  @Test
  void aRunIsScalarsAndTexts() throws IOException {
    TensorBoard tracker = new TensorBoard(folder.resolve("new"), "host");
    List<Moment> moments = Told.whole();
    tracker.take(moments.subList(0, 2));
    List<ProtoReader> soFar = EventRecords.of(folder.resolve("new"));
    assertEquals(1 + 3 + 1 + 1, soFar.size(), "each is there once it is taken");
    tracker.take(moments.subList(2, moments.size()));
    tracker.close();

    Map<String, Map<Long, Float>> scalars = new TreeMap<>();
    Map<String, String> texts = new HashMap<>();
    List<ProtoReader> events = EventRecords.of(folder.resolve("new"));
    assertEquals("brain.Event:2", events.getFirst().text(3));
    assertEquals(1_700_000_000.25, events.getFirst().real(1));
    for (ProtoReader event : events) {
      for (ProtoReader value :
          event.has(5) ? event.message(5).messages(1) : List.<ProtoReader>of()) {
        if (value.has(2)) {
          scalars
              .computeIfAbsent(value.text(1), _ -> new TreeMap<>())
              .put(event.number(2), value.single(2));
        } else {
          assertEquals("text", value.message(9).message(1).text(1));
          assertEquals(7, value.message(8).number(1));
          texts.put(value.text(1), value.message(8).text(8));
        }
      }
    }
    assertEquals(Map.of(1L, 1f, 2L, 0.5f, 3L, 1 / 3f), scalars.get("train/loss"));
    assertEquals(Map.of(3L, 0.25f), scalars.get("eval/loss"));
    assertEquals(Map.of(3L, 0.75f), scalars.get("eval/exact_match"));
    assertEquals(Map.of(3L, 6f), scalars.get("train/train_samples_per_second"));
    assertEquals(Map.of(1L, 0.4f, 2L, 0.4f, 3L, 0.4f), scalars.get("train/mfu"));
    assertFalse(scalars.containsKey("train/step"), scalars.keySet().toString());
    assertTrue(
        texts
            .getOrDefault("config/text_summary", "")
            .contains("| `model_name_or_path` | `a\\|b` |"),
        texts.toString());
    assertTrue(
        texts
            .getOrDefault("samples/text_summary", "")
            .contains("| `a\\|b?` | `'yes'⏎no` | `yes` |"),
        texts.toString());
    ProtoReader session = events.get(4);
    assertEquals(List.of(1L, 1L), List.of(session.number(2), session.message(7).number(1)));
  }

  @Test
  void nothingIsWrittenBeforeTheRunIsDescribed() throws IOException {
    TensorBoard tracker = new TensorBoard(folder.resolve("new"), "host");
    tracker.take(Told.whole().subList(1, 3));
    tracker.close();
    assertFalse(Files.exists(folder.resolve("new")));
  }
}
