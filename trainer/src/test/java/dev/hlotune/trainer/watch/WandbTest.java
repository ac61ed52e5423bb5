package dev.hlotune.trainer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WandbTest {
  @TempDir Path folder;

  /** The records of a log, its checksums held. */
  static List<byte[]> records(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[4];
    in.get(magic);
    assertEquals(":W&B", new String(magic, StandardCharsets.US_ASCII));
    assertEquals((short) 0xbee1, in.getShort());
    assertEquals(0, in.get());
    List<byte[]> records = new ArrayList<>();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    while (in.hasRemaining()) {
      int left = 32_768 - in.position() % 32_768;
      if (left < 7) {
        in.position(in.position() + left);
        continue;
      }
      int checksum = in.getInt();
      byte[] piece = new byte[in.getShort() & 0xffff];
      byte type = in.get();
      in.get(piece);
      CRC32 crc = new CRC32();
      crc.update(type);
      crc.update(piece);
      assertEquals((int) crc.getValue(), checksum);
      assertEquals(whole.size() == 0, type == 1 || type == 2, "first pieces come first");
      whole.writeBytes(piece);
      if (type == 1 || type == 4) {
        records.add(whole.toByteArray());
        whole.reset();
      }
    }
    assertEquals(0, whole.size(), "the last record is whole");
    return records;
  }

  /** Around every end of a block, and over several of them. */
  @Test
  void recordsOfAnyLengthComeBack() {
    Random random = new Random(5);
    List<Integer> lengths = new ArrayList<>(List.of(0, 1, 32_768 - 7 - 7 - 7 - 1 - 7, 100_000));
    for (int i = 0; i < 300; i++) {
      lengths.add(random.nextInt(i % 10 == 0 ? 70_000 : 4_000));
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    List<byte[]> expected = new ArrayList<>();
    for (int length : lengths) {
      byte[] record = new byte[length];
      random.nextBytes(record);
      expected.add(record);
      file.writeBytes(WandbLog.framed(file.size(), record));
    }
    List<byte[]> got = records(file.toByteArray());
    assertEquals(expected.size(), got.size());
    for (int i = 0; i < got.size(); i++) {
      assertTrue(Arrays.equals(expected.get(i), got.get(i)), "record " + i);
    }
  }

  static WandbSettings settings(Path folder) {
    return WandbSettings.of(
        Map.of(
            "WANDB_RUN_ID", "abcd1234",
            "WANDB_PROJECT", "words",
            "WANDB_TAGS", "a, b"),
        folder,
        "first run");
  }

  static Path write(Path folder) throws IOException {
    Wandb tracker = new Wandb(settings(folder));
    tracker.take(Told.whole());
    tracker.close();
    try (Stream<Path> runs = Files.list(folder.resolve("wandb"))) {
      return runs.findFirst().orElseThrow();
    }
  }

  @Test
  void aRunIsTheRecordsOfAnOfflineRun() throws IOException {
    Path run = write(folder);
    assertTrue(
        run.getFileName().toString().matches("offline-run-\\d{8}_\\d{6}-abcd1234"), run.toString());
    assertTrue(Files.isDirectory(run.resolve("files")));
    List<ProtoReader> records =
        records(Files.readAllBytes(run.resolve("run-abcd1234.wandb"))).stream()
            .map(ProtoReader::new)
            .toList();
    for (int i = 0; i < records.size(); i++) {
      assertEquals(i + 1, records.get(i).number(1));
    }
    assertEquals("hlotune-0.1.0", records.getFirst().message(21).message(1).text(1));
    ProtoReader begun = records.get(1).message(17);
    assertEquals("abcd1234", begun.text(1));
    assertEquals("words", begun.text(3));
    assertEquals("first run", begun.text(8));
    Map<String, String> config = new LinkedHashMap<>();
    begun.message(4).messages(1).forEach(item -> config.put(item.text(1), item.text(16)));
    assertEquals("3.0E-4", config.get("learning_rate"));
    assertEquals("\"a|b\"", config.get("model_name_or_path"));
    assertTrue(config.getOrDefault("hlotune", "").contains("\"data\":\"abc\""), config.toString());

    Map<Long, Map<String, Object>> history = new LinkedHashMap<>();
    for (ProtoReader record : records) {
      if (record.has(2)) {
        Map<String, Object> values =
            history.computeIfAbsent(
                record.message(2).message(2).number(1), _ -> new LinkedHashMap<>());
        for (ProtoReader item : record.message(2).messages(1)) {
          values.put(item.text(2), new JsonMapper().readValue(item.text(16), Object.class));
        }
      }
    }
    assertEquals(List.of(1L, 2L, 3L), List.copyOf(history.keySet()));
    assertEquals(0.5, history.getOrDefault(2L, Map.of()).get("train/loss"));
    assertEquals(0.25, history.getOrDefault(3L, Map.of()).get("eval/loss"));
    assertEquals(2.0, history.getOrDefault(2L, Map.of()).get("_runtime"));
    assertTrue(records.getLast().has(18), "the run is over");
    assertTrue(!records.getLast().message(18).has(1), "and all went well");
  }

  @Test
  void aRunThatFailedSaysSo() throws IOException {
    Wandb tracker = new Wandb(settings(folder));
    tracker.take(Told.whole().subList(0, 3));
    tracker.close();
    try (Stream<Path> runs = Files.list(folder.resolve("wandb"))) {
      byte[] file =
          Files.readAllBytes(runs.findFirst().orElseThrow().resolve("run-abcd1234.wandb"));
      assertEquals(1, new ProtoReader(records(file).getLast()).message(18).number(1));
    }
  }
}
