package dev.hlotune.trainer.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/** The rows of an Arrow file or stream, batch by batch. */
final class ArrowRows implements RecordReader {
  private final ArrowMessages messages;
  private final ArrowDictionaries dictionaries = new ArrowDictionaries();
  private final List<String> names = new ArrayList<>();
  private final List<ArrowLayout> layouts = new ArrayList<>();
  private ArrowRow.@Nullable Batch batch;
  private long batchRow;
  private long batchRows;
  private int rowSize;
  private long row;

  private ArrowRows(ArrowMessages messages) {
    this.messages = messages;
    Schema schema = messages.schema();
    ArrowLayouts finder = new ArrowLayouts(messages.path(), dictionaries);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < schema.fieldsLength(); i++) {
      Field field = schema.fields(i);
      if (!seen.add(field.name())) {
        throw new DataException(
            new Origin(messages.path(), 0),
            field.name(),
            "expected one column of this name, got several");
      }
      names.add(field.name());
      layouts.add(finder.of(field, field.name()));
    }
  }

  static ArrowRows open(Path path) {
    ArrowMessages messages = ArrowMessages.open(path);
    try {
      return new ArrowRows(messages);
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DataException(path, "broken Arrow schema: " + ParquetFile.firstLine(e), e);
    }
  }

  @Override
  public @Nullable RawRecord next() {
    while (batchRow == batchRows) {
      batchRow = 0;
      batchRows = 0;
      if (!load()) {
        return null;
      }
    }
    row++;
    return new ArrowRow(
        java.util.Objects.requireNonNull(batch),
        batchRow++,
        rowSize,
        Origin.row(messages.path(), row));
  }

  /** Goes on to the next message, if there is one. */
  private boolean load() {
    try {
      ArrowMessages.Found found = messages.next();
      if (found == null) {
        return false;
      }
      switch (found.header().headerType()) {
        case MessageHeader.DictionaryBatch -> {
          DictionaryBatch header = (DictionaryBatch) found.header().header(new DictionaryBatch());
          RecordBatch data = header.data();
          dictionaries.load(
              header.id(), new ArrowBuffers(data, found.body()), data.length(), header.isDelta());
        }
        case MessageHeader.RecordBatch -> {
          RecordBatch header = (RecordBatch) found.header().header(new RecordBatch());
          ArrowBuffers buffers = new ArrowBuffers(header, found.body());
          batch =
              new ArrowRow.Batch(
                  names, layouts.stream().map(layout -> layout.load(buffers)).toList());
          batchRows = header.length();
          rowSize = Math.clamp(buffers.size() / Math.max(1, batchRows), 0, Integer.MAX_VALUE);
        }
        default ->
            throw messages.broken(
                "expected batches, got " + MessageHeader.name(found.header().headerType()));
      }
      return true;
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DataException(
          Origin.row(messages.path(), row + 1),
          null,
          "broken Arrow data: " + ParquetFile.firstLine(e));
    }
  }

  @Override
  public long bytesRead() {
    return messages.position();
  }

  @Override
  public void close() {
    // The mapping goes with the last row.
  }
}
