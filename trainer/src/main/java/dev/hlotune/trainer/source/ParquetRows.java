package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.jspecify.annotations.Nullable;

/** The rows of a Parquet file, row group by row group and page by page. */
final class ParquetRows implements dev.hlotune.trainer.source.RecordReader {
  private final ParquetFile file;
  private final MessageColumnIO columns;
  private final ParquetTree tree;
  private final List<RowGroup> groups;
  private final long rows;
  private int group = -1;
  private long rowsLeft;
  private int rowSize;
  private @Nullable RecordReader<ObjectNode> reader;
  private long row;

  private ParquetRows(ParquetFile file) {
    this.file = file;
    ParquetField schema = ParquetField.root(file.meta().getSchema());
    this.tree = new ParquetTree(file, schema);
    this.columns = new ColumnIOFactory(file.meta().getCreated_by()).getColumnIO(schema.message());
    this.groups = file.meta().getRow_groups();
    this.rows = file.meta().getNum_rows();
  }

  static ParquetRows open(Path path) {
    ParquetFile file = ParquetFile.open(path);
    try {
      return new ParquetRows(file);
    } catch (DataException e) {
      file.close();
      throw e;
    } catch (RuntimeException e) {
      file.close();
      throw new DataException(path, "broken Parquet schema: " + ParquetFile.firstLine(e), e);
    }
  }

  /** The number of rows, from the footer. */
  static long count(Path path) {
    try (ParquetFile file = ParquetFile.open(path)) {
      return file.meta().getNum_rows();
    }
  }

  @Override
  public @Nullable RawRecord next() {
    Origin origin = Origin.row(file.path(), row + 1);
    try {
      while (rowsLeft == 0) {
        if (group + 1 == groups.size()) {
          return null;
        }
        RowGroup next = groups.get(++group);
        rowsLeft = next.getNum_rows();
        if (rowsLeft > 0) {
          rowSize = Math.clamp(next.getTotal_byte_size() / rowsLeft, 0, Integer.MAX_VALUE);
          reader = columns.getRecordReader(new ParquetPages(file, next), tree);
        }
      }
      row++;
      rowsLeft--;
      if (reader != null) {
        reader.read();
      }
      return tree.record(origin, rowSize);
    } catch (RuntimeException e) {
      throw broken(origin, e);
    } catch (OutOfMemoryError e) {
      // One page is in memory at a time. The library believes whatever length a damaged one states.
      throw new DataException(
          origin,
          null,
          "expected values that fit into memory, got more; the file is damaged, or it takes a"
              + " larger -Xmx in HLOTUNE_JAVA_OPTIONS");
    }
  }

  /** What this package has to say about an error stands at its bottom. */
  private static DataException broken(Origin origin, RuntimeException error) {
    Throwable cause = error;
    while (cause.getCause() != null && !(cause instanceof DataException)) {
      cause = cause.getCause();
    }
    return cause instanceof DataException known
        ? known
        : new DataException(origin, null, "broken Parquet data: " + ParquetFile.firstLine(cause));
  }

  @Override
  public long bytesRead() {
    return rows == 0 ? file.size() : (long) ((double) file.size() * row / rows);
  }

  @Override
  public void close() {
    file.close();
  }
}
