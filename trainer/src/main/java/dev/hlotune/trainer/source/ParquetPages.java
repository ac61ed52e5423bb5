package dev.hlotune.trainer.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one row group. Each is read and unpacked when it is asked for, so that only one page
 * and one dictionary per column is in memory, however large the group.
 */
final class ParquetPages implements PageReadStore {
  /** Nothing that reads values looks at statistics, and making some loads a geometry library. */
  private static final @Nullable Statistics<?> NO_STATISTICS = null;

  private final long rows;
  private final Map<List<String>, PageReader> columns = new HashMap<>();

  ParquetPages(ParquetFile file, RowGroup group) {
    this.rows = group.getNum_rows();
    for (ColumnChunk chunk : group.getColumns()) {
      Chunk pages = new Chunk(file, chunk);
      if (pages.getTotalValueCount() < rows) {
        throw file.broken(
            pages.column,
            "expected values for %d rows, got %d".formatted(rows, pages.getTotalValueCount()));
      }
      columns.put(chunk.getMeta_data().getPath_in_schema(), pages);
    }
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    PageReader reader = columns.get(List.of(column.getPath()));
    if (reader == null) {
      throw new IllegalArgumentException(
          "expected the column " + String.join(".", column.getPath()) + ", got none");
    }
    return reader;
  }

  @Override
  public long getRowCount() {
    return rows;
  }

  /** The pages of one column. */
  private static final class Chunk implements PageReader {
    private final ParquetFile file;
    private final ColumnMetaData meta;
    private final String column;
    private final ParquetFile.Input input;
    private @Nullable PageHeader header;
    private long valuesLeft;

    Chunk(ParquetFile file, ColumnChunk chunk) {
      this.file = file;
      this.meta = chunk.getMeta_data();
      this.column = String.join(".", meta.getPath_in_schema());
      this.valuesLeft = meta.getNum_values();
      if (chunk.isSetCrypto_metadata() || chunk.isSetFile_path()) {
        throw file.broken(column, "expected its data in the file, got it encrypted or elsewhere");
      }
      long start = meta.getData_page_offset();
      if (meta.isSetDictionary_page_offset() && meta.getDictionary_page_offset() > 0) {
        start = Math.min(start, meta.getDictionary_page_offset());
      }
      this.input = file.input(start, start + meta.getTotal_compressed_size());
    }

    @Override
    public long getTotalValueCount() {
      return meta.getNum_values();
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
      PageHeader next = peek();
      if (next == null || next.getType() != PageType.DICTIONARY_PAGE) {
        return null;
      }
      byte[] bytes = unpacked(next, body(next), 0, next.getUncompressed_page_size());
      int entries = next.getDictionary_page_header().getNum_values();
      if (entries < 0 || entries > bytes.length) {
        throw file.broken(
            column,
            "expected a dictionary in %d bytes, got %d entries".formatted(bytes.length, entries));
      }
      if (meta.getType() == org.apache.parquet.format.Type.BYTE_ARRAY) {
        checkLengths(bytes, entries);
      }
      return new DictionaryPage(
          BytesInput.from(bytes),
          entries,
          encoding(next.getDictionary_page_header().getEncoding()));
    }

    /** The library takes the lengths in a dictionary on trust. */
    private void checkLengths(byte[] bytes, int entries) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < entries; i++) {
        int length = buffer.remaining() < 4 ? -1 : buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
          throw file.broken(column, "expected a dictionary of whole entries, got a broken one");
        }
        buffer.position(buffer.position() + length);
      }
    }

    @Override
    public @Nullable DataPage readPage() {
      while (valuesLeft > 0) {
        PageHeader next = peek();
        if (next == null) {
          throw file.broken(column, "expected " + valuesLeft + " more values, got no page");
        }
        byte[] body = body(next);
        DataPage page =
            switch (next.getType()) {
              case DATA_PAGE -> page(next, next.getData_page_header(), body);
              case DATA_PAGE_V2 -> page(next, next.getData_page_header_v2(), body);
              // A dictionary is asked for before; an index is of no use here.
              case DICTIONARY_PAGE, INDEX_PAGE -> null;
            };
        if (page != null && page.getValueCount() > 0) { // Arrow writes pages without any.
          return page;
        }
      }
      return null;
    }

    private DataPage page(PageHeader page, DataPageHeader data, byte[] body) {
      valuesLeft -= data.getNum_values();
      byte[] bytes = unpacked(page, body, 0, page.getUncompressed_page_size());
      return new DataPageV1(
          BytesInput.from(bytes),
          data.getNum_values(),
          bytes.length,
          NO_STATISTICS,
          encoding(data.getRepetition_level_encoding()),
          encoding(data.getDefinition_level_encoding()),
          encoding(data.getEncoding()));
    }

    private DataPage page(PageHeader page, DataPageHeaderV2 data, byte[] body) {
      valuesLeft -= data.getNum_values();
      int repetitions = data.getRepetition_levels_byte_length();
      int levels = Math.addExact(repetitions, data.getDefinition_levels_byte_length());
      boolean packed = !data.isSetIs_compressed() || data.isIs_compressed();
      BytesInput values =
          packed
              ? BytesInput.from(
                  unpacked(page, body, levels, page.getUncompressed_page_size() - levels))
              : BytesInput.from(body, levels, body.length - levels);
      return DataPageV2.uncompressed(
          data.getNum_rows(),
          data.getNum_nulls(),
          data.getNum_values(),
          BytesInput.from(body, 0, repetitions),
          BytesInput.from(body, repetitions, levels - repetitions),
          encoding(data.getEncoding()),
          values,
          NO_STATISTICS);
    }

    /** The next page's header, left there until its body is read. */
    private @Nullable PageHeader peek() {
      if (header == null && input.remaining() > 0) {
        try {
          header = Util.readPageHeader(input);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return header;
    }

    private byte[] body(PageHeader page) {
      header = null;
      int size = page.getCompressed_page_size();
      if (size < 0 || size > input.remaining()) {
        throw file.broken(
            column, "expected a page of up to " + input.remaining() + " bytes, got one of " + size);
      }
      byte[] body = input.take(size);
      if (page.isSetCrc()) {
        CRC32 crc = new CRC32();
        crc.update(body);
        if ((int) crc.getValue() != page.getCrc()) {
          throw file.broken(column, "expected the page to match its checksum, got other bytes");
        }
      }
      return body;
    }

    private byte[] unpacked(PageHeader page, byte[] body, int from, int size) {
      if (size < 0 || size > Math.max(meta.getTotal_uncompressed_size(), body.length)) {
        throw file.broken(
            column,
            "expected pages of %d bytes in all, got one of %d"
                .formatted(meta.getTotal_uncompressed_size(), page.getUncompressed_page_size()));
      }
      return PageCodec.unpack(meta.getCodec(), body, from, size)
          .orElseThrow(() ->
              file.broken(
                  column,
                  "expected no compression, snappy, gzip, zstd or lz4_raw, got "
                      + meta.getCodec()));
    }

    private static Encoding encoding(org.apache.parquet.format.Encoding encoding) {
      return Encoding.valueOf(encoding.name());
    }
  }
}
