package dev.hlotune.trainer.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Event files as TensorBoard reads them: records of {@code tensorflow.Event}, framed as TFRecords,
 * with the length and a masked CRC-32C of both. The file begins when the run does; figures are
 * scalars, the configuration and answers are texts.
 */
final class TensorBoard implements Tracker {
  // tensorflow/core/util/event.proto
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;
  private static final int SESSION_START = 1;
  // tensorflow/core/framework/summary.proto
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;
  private static final int TENSOR = 8;
  private static final int METADATA = 9;
  private static final int PLUGIN_DATA = 1;
  private static final int PLUGIN_NAME = 1;
  // tensorflow/core/framework/tensor.proto
  private static final int TENSOR_TYPE = 1;
  private static final int TENSOR_SHAPE = 2;
  private static final int STRING_VALUE = 8;
  private static final int STRING = 7;

  private static final int SHOWN_SAMPLES = 8;
  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;
  private final String host;
  private @Nullable RecordFile file;
  private boolean started;

  /**
   * A tracker that writes a file when the run begins.
   *
   * @param folder where to; several files there are one run for TensorBoard
   * @param host the machine's name, which is part of the file's
   */
  TensorBoard(Path folder, String host) {
    this.folder = folder;
    this.host = host;
  }

  @Override
  public String name() {
    return "tensorboard";
  }

  @Override
  public void take(List<Moment> moments) throws IOException {
    for (Moment moment : moments) {
      if (moment.event() instanceof RunEvent.Described described) {
        begin(moment.time(), described.manifest());
      }
      add(moment);
    }
    if (file != null) {
      file.write();
    }
  }

  private void begin(Instant time, RunManifest manifest) throws IOException {
    RecordFile created =
        RecordFile.create(
            folder.resolve(
                "events.out.tfevents.%d.%s.%d.%d"
                    .formatted(
                        time.getEpochSecond(),
                        host,
                        ProcessHandle.current().pid(),
                        time.getNano())),
            (_, event) -> framed(event));
    created.add(event(time, 0).text(FILE_VERSION, "brain.Event:2").bytes());
    created.add(text(time, 0, "config", table(manifest.config())));
    created.add(text(time, 0, "versions", table(manifest.versions())));
    created.add(text(time, 0, "hashes", table(manifest.hashes())));
    file = created;
  }

  private void add(Moment moment) {
    RecordFile to = file;
    if (to == null) {
      return;
    }
    Scalars scalars = Scalars.of(moment.event());
    if (!scalars.values().isEmpty()) {
      if (!started) {
        // What an earlier file has of this step and later ones is not to be shown.
        to.add(
            event(moment.time(), scalars.step())
                .message(SESSION_LOG, new ProtoMessage().number(1, SESSION_START))
                .bytes());
        started = true;
      }
      ProtoMessage summary = new ProtoMessage();
      scalars
          .grouped()
          .forEach((tag, value) ->
              summary.message(
                  VALUE,
                  new ProtoMessage().text(TAG, tag).single(SIMPLE_VALUE, value.floatValue())));
      to.add(event(moment.time(), scalars.step()).message(SUMMARY, summary).bytes());
    }
    if (moment.event() instanceof RunEvent.Sampled sampled) {
      to.add(text(moment.time(), sampled.step(), "samples", samples(sampled.samples())));
    }
  }

  private static ProtoMessage event(Instant time, long step) {
    return new ProtoMessage()
        .real(WALL_TIME, time.getEpochSecond() + time.getNano() / 1e9)
        .number(STEP, step);
  }

  private static byte[] text(Instant time, long step, String tag, String markdown) {
    ProtoMessage plugin = new ProtoMessage().text(PLUGIN_NAME, "text");
    ProtoMessage one = new ProtoMessage().number(1, 1);
    ProtoMessage tensor =
        new ProtoMessage()
            .number(TENSOR_TYPE, STRING)
            .message(TENSOR_SHAPE, new ProtoMessage().message(2, one))
            .text(STRING_VALUE, markdown);
    ProtoMessage value =
        new ProtoMessage()
            .text(TAG, tag + "/text_summary")
            .message(TENSOR, tensor)
            .message(METADATA, new ProtoMessage().message(PLUGIN_DATA, plugin));
    return event(time, step).message(SUMMARY, new ProtoMessage().message(VALUE, value)).bytes();
  }

  private static String table(Map<String, ?> values) {
    return values.entrySet().stream()
        .map(entry -> "| %s | %s |%n".formatted(cell(entry.getKey()), cell(entry.getValue())))
        .collect(Collectors.joining("", "| | |\n|---|---|\n", ""));
  }

  private static String samples(List<RunEvent.Sample> samples) {
    return samples.stream()
        .limit(SHOWN_SAMPLES)
        .map(sample ->
            "| %s | %s | %s |%n"
                .formatted(
                    cell(sample.prompt()), cell(sample.completion()), cell(sample.reference())))
        .collect(Collectors.joining("", "| asked | answered | expected |\n|---|---|---|\n", ""));
  }

  /** JSON in a cell of a Markdown table: nothing in it is taken for Markdown or ends the line. */
  private static String cell(Object value) {
    try {
      String text = value instanceof String plain ? plain : JSON.writeValueAsString(value);
      return "`" + text.replace("`", "'").replace("|", "\\|").replace("\n", "⏎") + "`";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value that JSON does not have: " + value, e);
    }
  }

  /** A TFRecord: length, its checksum, the record, its checksum, all little-endian. */
  static byte[] framed(byte[] record) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + record.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(record.length);
    buffer.putInt(masked(buffer.array(), 0, Long.BYTES));
    buffer.put(record);
    buffer.putInt(masked(record, 0, record.length));
    return buffer.array();
  }

  /** As TensorFlow stores a CRC-32C: rotated by 15 bits, and a constant added. */
  static int masked(byte[] bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
