package dev.hlotune.trainer.source;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a CSV or TSV file with a header. Empty lines are passed over. A column without a name
 * is called {@code Unnamed: } and its place from 0, as pandas does.
 */
final class CsvTable implements RecordReader {
  private static final String EXPECTED = "a header and rows";

  /** A quote that is never closed swallows no more than this. */
  private static final int LONGEST = 1 << 28;

  private final TextWindow text;
  private final Iterator<CsvRecord> rows;
  private final List<String> header;
  private long row;
  private long line = 1;

  private CsvTable(TextWindow text, char separator) {
    this.text = text;
    CsvRecordHandler handler =
        CsvRecordHandler.of(fields -> fields.maxFieldSize(LONGEST).maxRecordSize(LONGEST));
    this.rows =
        CsvReader.builder()
            .fieldSeparator(separator)
            .allowUnclosedQuote(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .maxBufferSize(LONGEST)
            .build(
                handler,
                new InputStreamReader(
                    new WindowInput(text),
                    StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)))
            .iterator();
    CsvRecord first = read();
    if (first == null) {
      throw new DataException(text.path(), "expected " + EXPECTED + ", got only blank lines");
    }
    this.header = header(text.path(), first.getFields());
  }

  static CsvTable open(Path path) {
    return of(TextWindow.open(path, EXPECTED));
  }

  /** The same of an open file, which is closed where it cannot be used. */
  static CsvTable of(TextWindow text) {
    try {
      boolean tabs = Compression.bareName(text.path()).toLowerCase(Locale.ROOT).endsWith(".tsv");
      return new CsvTable(text, tabs ? '\t' : ',');
    } catch (RuntimeException e) {
      text.close();
      throw e;
    }
  }

  private static List<String> header(Path path, List<String> fields) {
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String field : fields) {
      String name = field.isEmpty() ? "Unnamed: " + names.size() : field;
      if (!seen.add(name)) {
        throw new DataException(
            new Origin(path, 1), null, "expected distinct columns, got \"" + name + "\" twice");
      }
      names.add(name);
    }
    return List.copyOf(names);
  }

  @Override
  public @Nullable RawRecord next() {
    CsvRecord record = read();
    if (record == null) {
      if (row == 0) {
        throw new DataException(text.path(), "expected " + EXPECTED + ", got only a header");
      }
      return null;
    }
    Origin origin = Origin.row(text.path(), ++row);
    List<String> values = record.getFields();
    int size = values.stream().mapToInt(String::length).sum();
    if (values.size() == header.size()) {
      return new CsvRow(header, values, size, origin);
    }
    boolean few = values.size() < header.size();
    return new BadRecord(
        few ? header.get(values.size()) : null,
        "expected %d values, as the header has, got %d (in line %d)"
            .formatted(header.size(), values.size(), record.getStartingLineNumber()),
        size,
        origin);
  }

  private @Nullable CsvRecord read() {
    try {
      if (!rows.hasNext()) {
        return null;
      }
      CsvRecord record = rows.next();
      line = record.getStartingLineNumber();
      return record;
    } catch (CsvParseException e) {
      throw broken("broken CSV: " + e.getMessage());
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw broken("not UTF-8: invalid bytes after line " + line);
      }
      throw new DataException(text.path(), "cannot be read: " + e.getMessage(), e);
    }
  }

  private DataException broken(String problem) {
    return new DataException(Origin.row(text.path(), row + 1), null, problem);
  }

  @Override
  public long bytesRead() {
    return text.bytesRead();
  }

  @Override
  public void close() {
    text.close();
  }

  private static final class WindowInput extends InputStream {
    private final TextWindow text;

    WindowInput(TextWindow text) {
      this.text = text;
    }

    private boolean available1() {
      return text.start < text.end || text.more();
    }

    @Override
    public int read() {
      return available1() ? text.bytes[text.start++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (!available1()) {
        return -1;
      }
      int count = Math.min(length, text.end - text.start);
      System.arraycopy(text.bytes, text.start, bytes, offset, count);
      text.start += count;
      return count;
    }
  }
}
