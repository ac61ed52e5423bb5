package dev.hlotune.trainer.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of 64 MB are read by a virtual machine that has less memory than a third of that. */
class BoundedMemoryTest {
  private static final int PIECES = 64;
  private static final int ROWS = 1_000;
  private static final String TEXT = "x".repeat(1_000);

  @TempDir private Path folder;

  /** What the small virtual machine runs. */
  static final class ReadAll {
    private ReadAll() {}

    public static void main(String[] arguments) {
      Path file = Path.of(arguments[0]);
      long length = 0;
      long rows = 0;
      try (RecordReader reader = DataFiles.open(file)) {
        for (RawRecord row = reader.next(); row != null; row = reader.next()) {
          length += row.tree().path("text").textValue().length();
          rows++;
        }
      }
      boolean asExpected =
          rows == DataFiles.count(file)
              && rows == (long) PIECES * ROWS
              && length == rows * TEXT.length();
      System.exit(asExpected ? 0 : 1);
    }
  }

  private static void assertReads(Path file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx20m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ReadAll.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.to(file.resolveSibling("out").toFile()))
            .start();
    assertEquals(0, process.waitFor(), () -> file + ": " + text(file.resolveSibling("out")));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void linesAreReadPieceByPiece() throws IOException, InterruptedException {
    String lines = ("{\"text\": \"" + TEXT + "\"}\n").repeat(ROWS);
    Path file = folder.resolve("a.jsonl");
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < PIECES; i++) {
        out.write(lines.getBytes(StandardCharsets.UTF_8));
      }
    }
    assertReads(file);
  }

  /** All rows are in one group, as pyarrow writes up to a million of them. */
  @Test
  void largeRowGroupsAreReadPageByPage() throws IOException, InterruptedException {
    ByteBuffer values =
        ByteBuffer.allocate(ROWS * (4 + TEXT.length())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < ROWS; i++) {
      values.putInt(TEXT.length()).put(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    PageHeader header =
        new PageHeader(PageType.DATA_PAGE, values.capacity(), values.capacity())
            .setData_page_header(
                new DataPageHeader(ROWS, Encoding.PLAIN, Encoding.RLE, Encoding.RLE));
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    Util.writePageHeader(header, page);
    page.write(values.array());
    long rows = (long) PIECES * ROWS;
    long size = (long) PIECES * page.size();
    ColumnMetaData meta =
        new ColumnMetaData(
            Type.BYTE_ARRAY,
            List.of(Encoding.PLAIN),
            List.of("text"),
            CompressionCodec.UNCOMPRESSED,
            rows,
            size,
            size,
            4);
    RowGroup group = new RowGroup(List.of(new ColumnChunk(4).setMeta_data(meta)), size, rows);
    SchemaElement root = new SchemaElement("schema").setNum_children(1);
    SchemaElement text =
        new SchemaElement("text")
            .setType(Type.BYTE_ARRAY)
            .setRepetition_type(FieldRepetitionType.REQUIRED)
            .setConverted_type(ConvertedType.UTF8);
    ByteArrayOutputStream footer = new ByteArrayOutputStream();
    Util.writeFileMetaData(new FileMetaData(1, List.of(root, text), rows, List.of(group)), footer);
    Path file = folder.resolve("a.parquet");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < PIECES; i++) {
        page.writeTo(out);
      }
      footer.writeTo(out);
      out.write(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(footer.size()).array());
      out.write("PAR1".getBytes(StandardCharsets.US_ASCII));
    }
    assertReads(file);
  }
}
