package dev.hlotune.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about files that cannot be read, and records within files that can. */
class BadSourcesTest {
  private static final String JSON =
      "expected a JSON array of objects, an object that holds one under \"data\" or"
          + " \"examples\", or one object a line, got ";

  @TempDir private Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path write(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] fixture(String name) throws IOException {
    return Files.readAllBytes(Sources.path(name));
  }

  /** What is said about a file, without its folder; it is one line. */
  private static String refused(Path file) {
    String message =
        String.valueOf(assertThrows(DataException.class, () -> Sources.trees(file)).getMessage());
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.startsWith(file.toString()), message);
    int folder = file.toString().length() - String.valueOf(file.getFileName()).length();
    return message.substring(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a.jsonl   | one JSON object a line
          a.json    | a JSON array of objects, an object that holds one under "data" or "examples", or one object a line
          a.csv     | a header and rows
          a.tsv     | a header and rows
          a.txt     | lines of text
          a.parquet | a Parquet file
          a.arrow   | an Arrow file or stream
          """)
  void emptyFilesAreNamed(String name, String expected) throws IOException {
    assertEquals(name + ": expected " + expected + ", got an empty file", refused(write(name, "")));
  }

  @Test
  void filesWithoutRecordsAreNamed() throws IOException {
    assertEquals(
        "a.csv: expected a header and rows, got only a header",
        refused(write("a.csv", "text,label\n")));
    assertEquals(
        "b.csv: expected a header and rows, got only blank lines", refused(write("b.csv", "\n\n")));
    assertEquals("a.json: " + JSON + "only blank lines", refused(write("a.json", " \n \n")));
    assertEquals(
        "a.txt: expected lines of text, got only blank lines", refused(write("a.txt", " \n\n")));
    for (String none : List.of("[]", " [ ] ", "```json\n[]\n```")) {
      assertEquals("b.json: " + JSON + "one without records", refused(write("b.json", none)));
    }
  }

  @Test
  void filesThatAreNotWhatTheirNameSaysAreNamed() throws IOException {
    String lines = "{\"text\": \"a\"}\n";
    assertEquals(
        "a.jsonl: expected one JSON object a line, got a Parquet file; let its name end in"
            + " .parquet",
        refused(write("a.jsonl", fixture("chat-none.parquet"))));
    assertEquals(
        "b.jsonl: expected one JSON object a line, got a gzip file; let its name end in .gz",
        refused(write("b.jsonl", fixture("plain.jsonl.gz"))));
    assertEquals(
        "c.csv: expected a header and rows, got a zstd file; let its name end in .zst",
        refused(write("c.csv", fixture("plain.jsonl.zst"))));
    assertEquals(
        "d.csv: expected a header and rows, got a zip archive",
        refused(write("d.csv", "PK\u0003\u0004 rest")));
    assertEquals(
        "e.jsonl: expected one JSON object a line, got UTF-16 text; save it as UTF-8",
        refused(write("e.jsonl", lines.getBytes(Charset.forName("x-UTF-16LE-BOM")))));
    assertEquals(
        "f.parquet: expected a Parquet file, got something else",
        refused(write("f.parquet", lines)));
    assertEquals(
        "g.parquet: expected a Parquet file, got an Arrow file; let its name end in .arrow",
        refused(write("g.parquet", fixture("chat-file.arrow"))));
    assertEquals(
        "h.parquet: expected a Parquet file, got a Git LFS pointer; fetch the file itself with"
            + " \"git lfs pull\"",
        refused(write("h.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")));
    assertEquals(
        "i.arrow: expected an Arrow file or stream, got a Parquet file; let its name end in"
            + " .parquet",
        refused(write("i.arrow", fixture("chat-none.parquet"))));
    assertEquals(
        "j.arrow: expected an Arrow file or stream, got something else",
        refused(write("j.arrow", lines)));
    assertEquals(
        "k.json: expected a JSON array of objects, an object that holds one under \"data\" or"
            + " \"examples\", or one object a line, got a web page",
        refused(write("k.json", "<!DOCTYPE HTML><title>404</title>")));
    assertEquals(
        "l.jsonl.zst: expected a whole zstd file, got a broken one: Unknown frame descriptor",
        refused(write("l.jsonl.zst", lines)));
    assertEquals(
        "m.jsonl.gz: expected a whole gzip file, got a broken one: Not in GZIP format",
        refused(write("m.jsonl.gz", fixture("plain.jsonl.zst"))));
    assertEquals(
        "n.jsonl: expected a file, got a folder",
        refused(Files.createDirectory(folder.resolve("n.jsonl"))));
    assertEquals("o.jsonl: expected a file, got no such file", refused(folder.resolve("o.jsonl")));
  }

  /** Cut anywhere, a file is refused or gives the first of its records, and then is refused. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain.jsonl.gz",
        "plain.jsonl.zst",
        "plain-array.json",
        "plain-data.json",
        "chat-snappy.parquet",
        "chat-file.arrow",
        "chat.arrow"
      })
  void truncatedFilesAreRefused(String name) throws IOException {
    byte[] bytes = fixture(name);
    List<JsonNode> rows = Sources.trees(Sources.path(name));
    int step = Math.max(1, bytes.length / 257);
    int refused = 0;
    List<Integer> whole = new ArrayList<>();
    for (int length = 1; length < bytes.length; length += step) {
      Path cut = write(name, Arrays.copyOf(bytes, length));
      try (RecordReader reader = DataFiles.open(cut)) {
        int row = 0;
        for (RawRecord record = reader.next(); record != null; record = reader.next()) {
          assertEquals(rows.get(row++), record.tree());
        }
        assertTrue(row < rows.size());
        whole.add(length);
      } catch (DataException e) {
        refused++;
        assertTrue(String.valueOf(e.getMessage()).startsWith(cut.toString()), e.getMessage());
      }
    }
    assertTrue(refused > 100);
    // Both files were made of two, end to end, and nobody can tell that the second is missing.
    boolean isTwo = name.equals("plain.jsonl.gz") || name.equals("plain.jsonl.zst");
    assertEquals(isTwo ? 1 : 0, whole.size(), () -> name + " cut to " + whole);
  }

  @Test
  void aStreamThatEndsBetweenMessagesIsTruncated() throws IOException {
    byte[] bytes = fixture("chat.arrow");
    ArrowMessages messages = ArrowMessages.open(Sources.path("chat.arrow"));
    for (int found = 1; messages.next() != null; found++) {
      int end = (int) messages.position();
      assertEquals(
          "a"
              + found
              + ".arrow: expected a whole Arrow stream, got one without the mark of its end",
          refused(write("a" + found + ".arrow", Arrays.copyOf(bytes, end))));
    }
  }

  @Test
  void truncationIsSaidInWords() throws IOException {
    byte[] parquet = fixture("chat-none.parquet");
    assertEquals(
        "a.parquet: expected a whole Parquet file, got one without its end; copy it again",
        refused(write("a.parquet", Arrays.copyOf(parquet, parquet.length - 1))));
    byte[] file = fixture("chat-file.arrow");
    assertEquals(
        "a.arrow: expected a whole Arrow file, got one without its end; copy it again",
        refused(write("a.arrow", Arrays.copyOf(file, file.length - 1))));
    byte[] stream = fixture("chat.arrow");
    String message = refused(write("b.arrow", Arrays.copyOf(stream, stream.length - 100)));
    assertTrue(
        message.startsWith(
            "b.arrow: expected a whole Arrow file, got one that ends within the message at byte "),
        message);
    byte[] gz = fixture("plain.jsonl.gz");
    assertEquals(
        "a.jsonl.gz: expected a whole gzip file, got a broken one: Unexpected end of ZLIB input"
            + " stream",
        refused(write("a.jsonl.gz", Arrays.copyOf(gz, gz.length - 20))));
    byte[] zst = fixture("plain.jsonl.zst");
    message = refused(write("a.jsonl.zst", Arrays.copyOf(zst, zst.length - 8)));
    assertTrue(
        message.startsWith("a.jsonl.zst: expected a whole zstd file, got a broken one: "), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          int96.parquet  | int96.parquet: field "when": expected text, numbers, dates, lists, structs or maps, got INT96, the old form of timestamps
          brotli.parquet | brotli.parquet: field "text": expected no compression, snappy, gzip, zstd or lz4_raw, got BROTLI
          union.arrow    | union.arrow: field "mixed": expected text, numbers, dates, lists, structs or maps, got Union
          interval.arrow | interval.arrow: field "nested[]": expected text, numbers, dates, lists, structs or maps, got Interval
          bson.parquet   | bson.parquet: field "document": expected text, numbers, dates, lists, structs or maps, got BYTE_ARRAY (BSON)
          keys.parquet   | keys.parquet: row 1: field "map": expected distinct keys, got "k" twice
          keys.arrow     | keys.arrow: row 1: field "map": broken Arrow data: expected distinct keys, got "k" twice
          latin.parquet  | latin.parquet: row 2: field "text": expected UTF-8, got invalid bytes
          latin-plain.parquet  | latin-plain.parquet: row 2: field "text": expected UTF-8, got invalid bytes
          latin.arrow    | latin.arrow: row 2: field "text": broken Arrow data: expected UTF-8, got invalid bytes
          """)
  void whatCannotBeShownIsNamedByColumn(String name, String message) {
    assertEquals(message, refused(Sources.path("refused/" + name)));
  }

  @Test
  void aBadRowIsTheOnlyOneThatIsBad() throws IOException {
    for (String name : List.of("latin.parquet", "latin-plain.parquet", "latin.arrow")) {
      List<RawRecord> records = Sources.read(Sources.path("refused/" + name));
      assertEquals("{\"id\":1,\"text\":\"fine\"}", records.getFirst().tree().toString());
      assertThrows(DataException.class, () -> records.getLast().tree());
    }
    List<RawRecord> rows = Sources.read(write("a.csv", "a,b\n1,2\n3\n\n4,5,6\n\"7\n\",8\n9,x\n"));
    assertEquals(5, rows.size());
    assertEquals("{\"a\":\"9\",\"b\":\"x\"}", rows.getLast().tree().toString());
    Path csv = folder.resolve("a.csv");
    assertEquals(
        csv + ": row 2: field \"b\": expected 2 values, as the header has, got 1 (in line 3)",
        assertThrows(DataException.class, () -> rows.get(1).tree()).getMessage());
    assertEquals(
        csv + ": row 3: expected 2 values, as the header has, got 3 (in line 5)",
        assertThrows(DataException.class, () -> rows.get(2).tree()).getMessage());
    List<RawRecord> elements =
        Sources.read(
            write("a.json", "[\n {\"a\": 1},\n 2,\n {\"a\": 1,\n \"b\" 2},\n {\"a\": 3}]"));
    assertEquals("{\"a\":3}", elements.getLast().tree().toString());
    Path json = folder.resolve("a.json");
    assertEquals(
        json + ": row 2: expected a JSON object, got number",
        assertThrows(DataException.class, () -> elements.get(1).tree()).getMessage());
    assertEquals(
        json
            + ": row 3: broken JSON in line 5: Unexpected character ('2' (code 50)): was expecting"
            + " a colon to separate field name and value",
        assertThrows(DataException.class, () -> elements.get(2).tree()).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a,b\\n1,"2\\n3,4     | a.csv: row 1: broken CSV: Unclosed quoted field at end of input (record starting at line 2)
          a,b\\n1,"2"x\\n3,4   | a.csv: row 1: broken CSV: Unexpected character after closing quote: 'x' (0x78) (record starting at line 2)
          a,a\\n1,2           | a.csv:1: expected distinct columns, got "a" twice
          a,b\\n1,2\\n\u00e9,2 | a.csv: row 1: not UTF-8: invalid bytes after line 1
          """)
  void brokenTablesAreNamedByRow(String text, String message) throws IOException {
    byte[] bytes = text.replace("\\n", "\n").strip().getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(message, refused(write("a.csv", bytes)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [{"a":1}                       | a.json:1: broken JSON: expected "," or "]" after a record, got the end of the file
          [{"a":1},                      | a.json:1: broken JSON: expected a record or "]", got the end of the file
          [{"a":1}\\n{"a":2}]            | a.json:2: broken JSON: expected "," or "]" after a record, got "{"
          [{"a":"1}\\n,{"a":2}]          | a.json: row 1: broken JSON: expected a record that ends, got one that does not; it begins in line 1
          [{"a":1},\\n{"b":[2}           | a.json: row 2: broken JSON: expected a record that ends, got one that does not; it begins in line 2
          {"data":[{"a":1}],"examples":[{"a":1}]} | a.json:1: expected one list of records, got "data" and "examples"
          {"data":[{"a":1}]              | a.json:1: broken JSON: expected "," or "}" after the array, got the end of the file
          {"a":1,\\n"b":2} x             | a.json:2: JSON_EXPECTED"x"
          text                           | a.json:1: JSON_EXPECTED"t"
          `x`                            | a.json:1: JSON_EXPECTED"x"
          {"a":1}\\n{"a":                | a.json:2: broken JSON: Unexpected end-of-input within/between Object entries
          {"a":                          | a.json:1: broken JSON: Unexpected end-of-input within/between Object entries
          """)
  void brokenDocumentsAreNamedByLine(String text, String message) throws IOException {
    assertEquals(
        message.replace("JSON_EXPECTED", JSON),
        refused(write("a.json", text.replace("\\n", "\n"))));
  }

  @Test
  void whatMayNotBeReadIsSaid() throws IOException {
    Path file = write("a.jsonl", "{}");
    assertEquals(
        file + ": cannot be read: permission denied",
        FileInput.unreadable(file, Compression.NONE, new AccessDeniedException(file.toString()))
            .getMessage());
    Files.setPosixFilePermissions(file, Set.of());
    assumeFalse(Files.isReadable(file), "whoever runs this may read anything");
    assertEquals("a.jsonl: cannot be read: permission denied", refused(file));
    Path table = write("a.parquet", fixture("chat-none.parquet"));
    Files.setPosixFilePermissions(table, Set.of());
    assertEquals("a.parquet: cannot be read: permission denied", refused(table));
  }

  @Test
  void damagedPagesAreNoticed() throws IOException {
    byte[] bytes = fixture("chat-pages.parquet");
    int text = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("naïve");
    int dictionary = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("assistant");
    assertEquals(-1, text);
    bytes[dictionary] ^= 1;
    assertEquals(
        "a.parquet: field \"messages.list.element.role\": expected the page to match its checksum,"
            + " got other bytes",
        refused(write("a.parquet", bytes)));
  }
}
