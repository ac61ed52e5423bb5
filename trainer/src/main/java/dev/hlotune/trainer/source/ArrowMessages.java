package dev.hlotune.trainer.source;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The messages of an Arrow file, one after the other. The file is mapped, not copied; the mapping
 * lives as long as anything that was read from it.
 *
 * @see <a href="https://arrow.apache.org/docs/format/Columnar.html">the format</a>
 */
final class ArrowMessages {
  private static final String EXPECTED = "an Arrow file or stream";
  private static final int CONTINUATION = -1;
  private static final int FOOTER_END = 10; // The length of the footer and "ARROW1".

  /**
   * A message.
   *
   * @param header what it is, and where in the body its parts are
   * @param body its bytes
   */
  record Found(Message header, MemorySegment body) {}

  private final Path path;
  private final MemorySegment file;
  private final Schema schema;

  /** Where messages begin, for a file with a footer; a stream has them end to end. */
  private final @Nullable List<Long> starts;

  private int nextStart;
  private long position;

  private ArrowMessages(Path path, MemorySegment file) {
    this.path = path;
    this.file = file;
    byte[] head = ArrowVector.bytes(file, 0, Math.min(file.byteSize(), Magic.LENGTH));
    switch (Magic.of(head)) {
      case ARROW -> {
        Footer footer = footer();
        this.starts = new ArrayList<>();
        // A batch may use any dictionary, wherever that stands.
        for (int i = 0; i < footer.dictionariesLength(); i++) {
          starts.add(footer.dictionaries(i).offset());
        }
        for (int i = 0; i < footer.recordBatchesLength(); i++) {
          Block block = footer.recordBatches(i);
          starts.add(block.offset());
        }
        this.schema = checked(footer.schema());
      }
      case ARROW_STREAM -> {
        this.starts = null;
        Found first = next();
        if (first == null || first.header().headerType() != MessageHeader.Schema) {
          throw broken("expected a schema first, got something else");
        }
        this.schema = checked((Schema) first.header().header(new Schema()));
      }
      case Magic other ->
          throw new DataException(path, "expected " + EXPECTED + ", got " + other.label());
    }
  }

  /**
   * Opens a file.
   *
   * @throws DataException if it is no Arrow file, or not a whole one
   */
  static ArrowMessages open(Path path) {
    FileInput.checkFile(path, EXPECTED);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment file =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      return new ArrowMessages(path, file);
    } catch (IOException e) {
      throw FileInput.unreadable(path, Compression.NONE, e);
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new DataException(path, "broken Arrow file: " + ParquetFile.firstLine(e), e);
    }
  }

  private Footer footer() {
    long end = file.byteSize() - FOOTER_END;
    long length = end < FOOTER_END ? -1 : file.get(ArrowVector.INT32, end);
    byte[] tail = ArrowVector.bytes(file, Math.max(0, end + 4), Math.min(6, file.byteSize()));
    if (Magic.of(tail) != Magic.ARROW || length <= 0 || length > end) {
      throw new DataException(
          path, "expected a whole Arrow file, got one without its end; copy it again");
    }
    return Footer.getRootAsFooter(buffer(end - length, length));
  }

  private Schema checked(Schema found) {
    if (found.endianness() != Endianness.Little) {
      throw broken("expected little-endian values, got big-endian ones");
    }
    return found;
  }

  private ByteBuffer buffer(long offset, long length) {
    return file.asSlice(offset, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  Schema schema() {
    return schema;
  }

  Path path() {
    return path;
  }

  /** Where the last message ended. */
  long position() {
    return position;
  }

  /** The next message, or null after the last. */
  @Nullable Found next() {
    try {
      return read();
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException e) {
      throw broken(ParquetFile.firstLine(e));
    }
  }

  private @Nullable Found read() {
    if (starts != null) {
      if (nextStart == starts.size()) {
        return null;
      }
      position = starts.get(nextStart++);
    }
    if (position == file.byteSize()) {
      // The format lets a stream just end, but nobody could tell that from a cut one.
      throw new DataException(
          path, "expected a whole Arrow stream, got one without the mark of its end");
    }
    need(8);
    int mark = file.get(ArrowVector.INT32, position);
    int length = file.get(ArrowVector.INT32, position + 4);
    if (mark != CONTINUATION || length < 0) {
      throw broken("expected a message at byte " + position + ", got other bytes");
    }
    if (length == 0) {
      return null;
    }
    need(8L + length);
    Message header = Message.getRootAsMessage(buffer(position + 8, length));
    if (header.version() < MetadataVersion.V4) {
      throw broken("expected version 4 or 5 of the format, got " + (header.version() + 1));
    }
    long body = position + 8 + length;
    if (header.bodyLength() < 0) {
      throw broken("expected a body, got one of " + header.bodyLength() + " bytes");
    }
    need(8L + length + header.bodyLength());
    position = body + header.bodyLength();
    return new Found(header, file.asSlice(body, header.bodyLength()));
  }

  private void need(long length) {
    if (position < 0 || length > file.byteSize() - position) {
      throw new DataException(
          path,
          "expected a whole Arrow file, got one that ends within the message at byte " + position);
    }
  }

  DataException broken(String problem) {
    return new DataException(path, "broken Arrow file: " + problem);
  }

  /** The number of rows, from the headers of the batches. */
  static long count(Path path) {
    ArrowMessages messages = open(path);
    long rows = 0;
    for (Found found = messages.next(); found != null; found = messages.next()) {
      if (found.header().headerType() == MessageHeader.RecordBatch) {
        rows = Math.addExact(rows, length((RecordBatch) found.header().header(new RecordBatch())));
      }
    }
    return rows;
  }

  private static long length(RecordBatch batch) {
    if (batch.length() < 0) {
      throw new IllegalArgumentException("expected rows, got " + batch.length());
    }
    return batch.length();
  }
}
