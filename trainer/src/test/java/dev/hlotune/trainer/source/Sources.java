package dev.hlotune.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reading files and recorded rows, and comparing them. */
final class Sources {
  private static final JsonMapper EXACT =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private Sources() {}

  /** A file that {@code record_sources.py} wrote. */
  static Path path(String name) {
    return Fixtures.path("sources/" + name);
  }

  /** Recorded rows, with decimals digit by digit. */
  static List<JsonNode> rows(String name) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(path(name))) {
      if (!line.isEmpty()) {
        rows.add(EXACT.readTree(line));
      }
    }
    return rows;
  }

  /** All records of a file. */
  static List<RawRecord> read(Path file) {
    List<RawRecord> records = new ArrayList<>();
    try (RecordReader reader = DataFiles.open(file)) {
      long before = 0;
      for (RawRecord record = reader.next(); record != null; record = reader.next()) {
        records.add(record);
        assertTrue(record.size() >= 0);
        assertTrue(reader.bytesRead() >= before);
        before = reader.bytesRead();
      }
    }
    return records;
  }

  /** The trees of all records of a file. */
  static List<JsonNode> trees(Path file) {
    List<JsonNode> trees = new ArrayList<>();
    read(file).forEach(record -> trees.add(record.tree()));
    return trees;
  }

  static void assertRows(List<JsonNode> expected, List<? extends JsonNode> actual, String what) {
    assertEquals(expected.size(), actual.size(), what);
    for (int i = 0; i < expected.size(); i++) {
      assertSame(expected.get(i), actual.get(i), what + ": row " + (i + 1));
    }
  }

  /** The same value; a float means the decimal number that is exactly equal to it. */
  static void assertSame(JsonNode expected, JsonNode actual, String place) {
    if (expected.isObject()) {
      assertTrue(actual.isObject(), () -> place + ": " + actual);
      List<String> names = new ArrayList<>();
      actual.fieldNames().forEachRemaining(names::add);
      List<String> expectedNames = new ArrayList<>();
      expected.fieldNames().forEachRemaining(expectedNames::add);
      assertEquals(expectedNames, names, place);
      expectedNames.forEach(
          name -> assertSame(expected.get(name), actual.get(name), place + "." + name));
    } else if (expected.isArray()) {
      assertTrue(actual.isArray(), () -> place + ": " + actual);
      assertEquals(expected.size(), actual.size(), place);
      for (int i = 0; i < expected.size(); i++) {
        assertSame(expected.get(i), actual.get(i), place + "[" + i + "]");
      }
    } else if (expected.isIntegralNumber()) {
      assertTrue(actual.isIntegralNumber(), () -> place + ": " + actual);
      assertEquals(expected.bigIntegerValue(), actual.bigIntegerValue(), place);
    } else if (expected.isNumber()) {
      assertTrue(actual.isNumber(), () -> place + ": " + actual);
      if (actual.isBigDecimal()) {
        assertEquals(0, expected.decimalValue().compareTo(actual.decimalValue()), place);
      } else {
        assertEquals(expected.doubleValue(), actual.doubleValue(), place);
      }
    } else if (actual.isBinary()) {
      assertEquals(expected.textValue(), actual.asText(), place);
    } else {
      assertEquals(expected, actual, place);
    }
  }
}
