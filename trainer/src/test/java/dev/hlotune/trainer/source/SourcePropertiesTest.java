package dev.hlotune.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for any records, however they are written and however the bytes come. */
class SourcePropertiesTest {
  private static final JsonMapper PLAIN = new JsonMapper();
  private static final JsonMapper ESCAPED =
      JsonMapper.builder().configure(JsonWriteFeature.ESCAPE_NON_ASCII, true).build();
  private static final String LETTERS = "aé東🎉\"\\{}[],:\n\r\t\u0000\u2028 '`";

  @TempDir private Path folder;

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    int[] letters = LETTERS.codePoints().toArray();
    int longest = random.nextInt(50) == 0 ? 100_000 : 12;
    for (int i = random.nextInt(longest); i > 0; i--) {
      text.appendCodePoint(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }

  private static JsonNode value(SplittableRandom random, int depth) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 3 ? 5 : 8)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.booleanNode(random.nextBoolean());
      case 2 -> nodes.numberNode(random.nextInt());
      case 3 -> nodes.numberNode(random.nextDouble() * 1e9);
      case 4, 5 -> nodes.textNode(text(random));
      case 6 -> {
        ArrayNode array = nodes.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(random, depth + 1));
        }
        yield array;
      }
      default -> object(random, depth + 1);
    };
  }

  private static ObjectNode object(SplittableRandom random, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = random.nextInt(depth == 0 ? 1 : 0, 5); i > 0; i--) {
      object.set("k" + i + text(random).codePoints().limit(3).sum(), value(random, depth));
    }
    return object;
  }

  private static List<JsonNode> records(SplittableRandom random) {
    List<JsonNode> records = new ArrayList<>();
    for (int i = random.nextInt(1, 60); i > 0; i--) {
      records.add(object(random, 0));
    }
    return records;
  }

  private static String json(JsonNode node, SplittableRandom random) throws IOException {
    return switch (random.nextInt(3)) {
      case 0 -> PLAIN.writeValueAsString(node);
      case 1 -> ESCAPED.writeValueAsString(node);
      default -> PLAIN.writerWithDefaultPrettyPrinter().writeValueAsString(node);
    };
  }

  private static String space(SplittableRandom random) {
    return " \n\t\r ".substring(random.nextInt(5));
  }

  private static String lines(List<JsonNode> records, SplittableRandom random) throws IOException {
    StringBuilder lines = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
    for (JsonNode record : records) {
      JsonMapper mapper = random.nextBoolean() ? PLAIN : ESCAPED;
      lines.append(random.nextInt(5) == 0 ? " \r\n" : "").append(mapper.writeValueAsString(record));
      lines.append(random.nextBoolean() ? "\n" : "\r\n");
    }
    return random.nextBoolean() ? lines.toString().stripTrailing() : lines.toString();
  }

  private static String array(List<JsonNode> records, SplittableRandom random) throws IOException {
    StringBuilder array = new StringBuilder("[");
    for (int i = 0; i < records.size(); i++) {
      array.append(i == 0 ? "" : ",").append(space(random)).append(json(records.get(i), random));
      array.append(space(random));
    }
    return array.append(']').toString();
  }

  /** All the ways in which a document may hold the same records. */
  private static String document(List<JsonNode> records, SplittableRandom random)
      throws IOException {
    String array = array(records, random);
    return space(random)
        + switch (random.nextInt(5)) {
          case 0 -> array;
          case 1 -> "{\"data\":" + array + space(random) + "}";
          case 2 ->
              "{\"note\": "
                  + json(value(random, 1), random)
                  + ", \"examples\" : "
                  + array
                  + ",\"more\": "
                  + json(value(random, 1), random)
                  + "}";
          case 3 -> "```json\n" + array + "\n```";
          default -> "```\n{\"examples\": " + array + "}\n```";
        }
        + space(random);
  }

  private static List<RawRecord> all(RecordReader reader) {
    List<RawRecord> records = new ArrayList<>();
    try (reader) {
      for (RawRecord record = reader.next(); record != null; record = reader.next()) {
        records.add(record);
      }
    }
    return records;
  }

  private static void assertRecords(List<JsonNode> expected, List<RawRecord> actual) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertEquals(expected.get(i), actual.get(i).tree());
    }
  }

  private static byte[] packed(Compression compression, byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (compression) {
          case NONE -> packed;
          case GZIP -> new GZIPOutputStream(packed);
          case ZSTD -> new ZstdOutputStream(packed);
        }) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** From memory, in random pieces, plain and packed, and from the file as it is counted. */
  private void assertReads(List<JsonNode> records, String name, String text, long seed)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (Compression compression : Compression.values()) {
      String ending =
          switch (compression) {
            case NONE -> "";
            case GZIP -> ".gz";
            case ZSTD -> ".zst";
          };
      Path file = folder.resolve(name + ending);
      byte[] packed = packed(compression, bytes);
      SplittableRandom random = new SplittableRandom(seed);
      TextWindow window =
          TextWindow.of(new FileInput(file, new Chunks(packed, random)), "something");
      FileFormat format = FileFormat.of(file);
      assertRecords(
          records,
          all(format == FileFormat.CSV ? CsvTable.of(window) : JsonDocument.of(window, format)));
      Files.write(file, packed);
      assertRecords(records, Sources.read(file));
      assertEquals(records.size(), DataFiles.count(file));
    }
  }

  @RepeatedTest(8)
  void linesGiveTheirRecordsInAnyPieces(RepetitionInfo info) throws IOException {
    SplittableRandom random = new SplittableRandom(info.getCurrentRepetition());
    List<JsonNode> records = records(random);
    String lines = lines(records, random);
    assertReads(records, "a.jsonl", lines, random.nextLong());
    List<RawRecord> read = Sources.read(folder.resolve("a.jsonl"));
    // Places are lines of the file, and sizes those of its lines.
    String[] split = lines.replace("\uFEFF", "").split("\n", -1);
    for (int i = 0; i < read.size(); i++) {
      Origin origin = read.get(i).origin();
      assertEquals(Origin.Unit.LINE, origin.unit());
      String line = split[(int) origin.number() - 1];
      assertEquals(records.get(i), PLAIN.readTree(line));
      assertEquals(line.getBytes(StandardCharsets.UTF_8).length, read.get(i).size());
    }
  }

  @RepeatedTest(12)
  void documentsGiveTheirRecordsInAnyPieces(RepetitionInfo info) throws IOException {
    SplittableRandom random = new SplittableRandom(100 + info.getCurrentRepetition());
    List<JsonNode> records = records(random);
    assertReads(records, "a.json", document(records, random), random.nextLong());
    List<RawRecord> read = Sources.read(folder.resolve("a.json"));
    for (int i = 0; i < read.size(); i++) {
      assertEquals(Origin.row(folder.resolve("a.json"), i + 1), read.get(i).origin());
    }
  }

  /** A file named .json may also hold lines, and one named .jsonl an array. */
  @RepeatedTest(5)
  void theContentDecidesBetweenLinesAndDocuments(RepetitionInfo info) throws IOException {
    SplittableRandom random = new SplittableRandom(200 + info.getCurrentRepetition());
    List<JsonNode> records = records(random);
    assertReads(records, "a.json", lines(records, random), random.nextLong());
    assertReads(records, "a.jsonl", array(records, random), random.nextLong());
    StringBuilder objects = new StringBuilder();
    for (JsonNode record : records) {
      // An object over several lines, unless it is empty.
      objects.append(PLAIN.writerWithDefaultPrettyPrinter().writeValueAsString(record));
      objects.append(space(random));
    }
    assertReads(records, "b.json", objects + "\n", random.nextLong());
  }

  @RepeatedTest(8)
  void tablesGiveTheirRowsInAnyPieces(RepetitionInfo info) throws IOException {
    SplittableRandom random = new SplittableRandom(300 + info.getCurrentRepetition());
    String separator = random.nextBoolean() ? "," : "\t";
    int columns = random.nextInt(1, 5);
    List<String> header = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      header.add(i + text(random));
    }
    StringBuilder table = new StringBuilder(random.nextBoolean() ? "\uFEFF" : "");
    String end = random.nextBoolean() ? "\n" : "\r\n";
    table.append(row(header, separator, end));
    List<JsonNode> records = new ArrayList<>();
    for (int row = random.nextInt(1, 40); row > 0; row--) {
      ObjectNode record = JsonNodeFactory.instance.objectNode();
      List<String> values = new ArrayList<>();
      for (String name : header) {
        String value = text(random);
        values.add(value);
        record.put(name, value);
      }
      records.add(record);
      table.append(row(values, separator, end));
    }
    String name = separator.equals(",") ? "a.csv" : "a.tsv";
    assertReads(records, name, table.toString(), random.nextLong());
  }

  private static String row(List<String> values, String separator, String end) {
    List<String> quoted =
        values.stream().map(value -> '"' + value.replace("\"", "\"\"") + '"').toList();
    return String.join(separator, quoted) + end;
  }

  /** A byte of a file is changed: what is read is other rows or a clear error, and nothing else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat-snappy.parquet",
        "chat-gzip.parquet",
        "chat-lz4.parquet",
        "chat-v2.parquet",
        "types.parquet",
        "encodings-0.parquet",
        "encodings-1.parquet",
        "old.parquet",
        "chat.arrow",
        "chat-lz4.arrow",
        "chat-file-zstd.arrow",
        "types.arrow",
        "dictionary-delta.arrow",
        "plain.jsonl.zst",
        "plain-data.json",
        "plain.csv"
      })
  void damagedFilesEndInAnError(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Sources.path(name));
    SplittableRandom random = new SplittableRandom(name.hashCode());
    Path file = folder.resolve(name);
    for (int round = 0; round < 40; round++) {
      byte[] damaged = bytes.clone();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Files.write(file, damaged);
      try {
        Sources.trees(file);
        DataFiles.count(file);
      } catch (DataException e) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith(file.toString()), message);
        assertEquals(1, message.lines().count(), message);
      }
    }
  }
}
