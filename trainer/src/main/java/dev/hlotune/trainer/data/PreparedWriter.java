package dev.hlotune.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Appends chunks to the files of a prepared data set and sums up their statistics. */
final class PreparedWriter implements AutoCloseable {
  private final List<Path> sources;
  private final List<FileChannel> channels = new ArrayList<>();
  private final FileChannel ids;
  private final FileChannel weights;
  private final FileChannel ends;
  private final FileChannel origins;
  private final FileChannel supervisedTokens;
  private final FileChannel learned;
  private ByteBuffer buffer = allocate(1 << 16);

  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private final List<String> reports = new ArrayList<>();
  private final DetailCounts details = new DetailCounts();
  private long records;
  private long examples;
  private long tokens;
  private long supervised;
  private double weight;
  private long truncated;
  private long truncatedTokens;
  private int largestId = -1;

  /**
   * Opens the files.
   *
   * @param sources the files that the records are read from
   */
  PreparedWriter(PreparedFiles files, List<Path> sources) throws IOException {
    this.sources = sources;
    try {
      this.ids = create(files.ids());
      this.weights = create(files.weights());
      this.ends = create(files.ends());
      this.origins = create(files.origins());
      this.supervisedTokens = create(files.supervised());
      this.learned = create(files.learned());
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private FileChannel create(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channels.add(channel);
    return channel;
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  void write(EncodedChunk chunk) throws IOException {
    start(4L * chunk.tokens).asIntBuffer().put(chunk.ids, 0, chunk.tokens);
    drain(ids);
    start(4L * chunk.tokens).asFloatBuffer().put(chunk.weights, 0, chunk.tokens);
    drain(weights);
    start(8L * chunk.examples);
    long end = tokens;
    for (int i = 0; i < chunk.examples; i++) {
      end += chunk.lengths[i];
      buffer.putLong(8 * i, end);
    }
    drain(ends);
    start(8L * chunk.examples).asLongBuffer().put(chunk.origins, 0, chunk.examples);
    drain(origins);
    start(4L * chunk.examples).asIntBuffer().put(chunk.supervisedTokens, 0, chunk.examples);
    drain(supervisedTokens);
    start(8L * chunk.examples).asDoubleBuffer().put(chunk.learned, 0, chunk.examples);
    drain(learned);
    records += chunk.records;
    examples += chunk.examples;
    tokens += chunk.tokens;
    supervised += chunk.supervised;
    weight += chunk.weight;
    truncated += chunk.truncated;
    truncatedTokens += chunk.truncatedTokens;
    largestId = Math.max(largestId, chunk.largestId);
    chunk.dropped.forEach((reason, count) -> dropped.merge(reason, count, Long::sum));
    details.add(chunk.details);
    for (String report : chunk.reports) {
      if (reports.size() < PreparationStatistics.MOST_REPORTS) {
        reports.add(report);
      }
    }
  }

  /** The buffer, empty and with exactly this many bytes. */
  private ByteBuffer start(long bytes) {
    int size = Math.toIntExact(bytes);
    if (size > buffer.capacity()) {
      buffer = allocate(Math.max(size, 2 * buffer.capacity()));
    }
    return buffer.clear().limit(size);
  }

  private void drain(FileChannel channel) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  PreparationStatistics statistics() {
    return new PreparationStatistics(
        records,
        examples,
        tokens,
        supervised,
        weight,
        truncated,
        truncatedTokens,
        dropped,
        reports,
        largestId,
        details.details(sources));
  }

  @Override
  public void close() throws IOException {
    for (FileChannel channel : channels) {
      channel.close();
    }
  }
}
