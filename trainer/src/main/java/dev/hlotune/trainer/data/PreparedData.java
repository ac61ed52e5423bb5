package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/**
 * A tokenized data set in memory-mapped files. Made once for given files, template, tokenizer and
 * options; opening it again tokenizes nothing. Thread-safe; owns the mapping until closed.
 */
public final class PreparedData implements Examples, AutoCloseable {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

  private record Sources(DataOptions options, List<String> sha256) {
    List<Path> files() {
      return options.files();
    }
  }

  private final Sources sources;
  private final String key;
  private final boolean reused;
  private final PreparationStatistics statistics;
  private final Arena arena;
  private final MemorySegment ids;
  private final MemorySegment weights;
  private final MemorySegment ends;
  private final MemorySegment origins;
  private final MemorySegment supervised;
  private final MemorySegment learned;

  private PreparedData(
      Sources sources,
      String key,
      boolean reused,
      PreparedFiles files,
      PreparationStatistics statistics)
      throws IOException {
    this.sources = sources;
    this.key = key;
    this.reused = reused;
    this.statistics = statistics;
    this.arena = Arena.ofShared();
    try {
      this.ids = map(files.ids(), 4 * statistics.tokens());
      this.weights = map(files.weights(), 4 * statistics.tokens());
      this.ends = map(files.ends(), 8 * statistics.examples());
      this.origins = map(files.origins(), 8 * statistics.examples());
      this.supervised = map(files.supervised(), 4 * statistics.examples());
      this.learned = map(files.learned(), 8 * statistics.examples());
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  private MemorySegment map(Path path, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      if (channel.size() != size) {
        throw new IOException(path + ": expected " + size + " bytes, got " + channel.size());
      }
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
    }
  }

  /**
   * Opens a data set, and makes it first if that was not yet done.
   *
   * @param options which records are read, and how they become examples
   * @param tokenizer encodes them
   * @param modelVocabulary ids must be below this: the rows of the model's embedding
   * @param cacheDirectory holds prepared data sets, in a folder {@code data}
   * @param threads threads that encode; the result does not depend on it
   * @param progress hears how far it is; not called where nothing has to be made
   * @throws DataException if a file or record is bad, a token unknown to the model, no example
   *     left, or the cache not writable
   */
  public static PreparedData open(
      DataOptions options,
      Tokenizer tokenizer,
      int modelVocabulary,
      Path cacheDirectory,
      int threads,
      Progress progress) {
    PreparedCache cache = new PreparedCache(cacheDirectory.resolve("data"));
    List<String> hashes = cache.contentHashes(options.files());
    ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
    String key = PreparedCache.key(options, tokenizer, hashes, now.toLocalDate());
    Sources sources = new Sources(options, hashes);
    Optional<PreparedData> known = existing(cache, key, sources, true);
    if (known.isEmpty()) {
      RecordEncoder encoder = new RecordEncoder(options, tokenizer, modelVocabulary, now);
      cache.create(
          key,
          () -> isWhole(cache, key, sources),
          files -> {
            PreparationStatistics made =
                Preparation.run(options, encoder, threads, progress, files);
            if (made.examples() == 0) {
              throw noneLeft(options, made);
            }
            PreparedMeta.write(files.meta(), key, options.files(), made);
          });
    }
    PreparedData data =
        known
            .or(() -> existing(cache, key, sources, false))
            .orElseThrow(() ->
                new DataException(
                    cache.files(key).directory(), "expected prepared data, got none"));
    if (data.statistics.largestId() >= modelVocabulary) {
      try (data) {
        for (int i = 0; i < data.size(); i++) {
          int[] ids = data.get(i).ids();
          RecordEncoder.checkVocabulary(
              ids, 0, ids.length, modelVocabulary, tokenizer, data.origin(i));
        }
      }
    }
    return data;
  }

  private static DataException noneLeft(DataOptions options, PreparationStatistics made) {
    if (made.records() == 0) {
      return new DataException(
          options.files().getFirst(), "expected at least one record, got none");
    }
    StringBuilder reasons = new StringBuilder();
    for (DropReason reason : DropReason.values()) {
      long count = made.dropped().getOrDefault(reason, 0L);
      if (count > 0) {
        reasons.append(reasons.isEmpty() ? "" : ", ").append(count + " " + reason.label());
      }
    }
    return new DataException(
        options.files().getFirst(),
        "expected at least one example, got none of "
            + made.records()
            + " records ("
            + reasons
            + "); the first: "
            + made.reports().getFirst());
  }

  private static boolean isWhole(PreparedCache cache, String key, Sources sources) {
    Optional<PreparedData> there = existing(cache, key, sources, false);
    there.ifPresent(PreparedData::close);
    return there.isPresent();
  }

  /** The data set of this key, or nothing where it is missing or damaged. */
  private static Optional<PreparedData> existing(
      PreparedCache cache, String key, Sources sources, boolean reused) {
    PreparedFiles files = cache.files(key);
    Optional<PreparationStatistics> statistics =
        PreparedMeta.read(files.meta(), key, sources.files());
    if (statistics.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new PreparedData(sources, key, reused, files, statistics.orElseThrow()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public int size() {
    return Math.toIntExact(statistics.examples());
  }

  private long end(int index) {
    return index < 0 ? 0 : ends.getAtIndex(LONG, index);
  }

  @Override
  public int length(int index) {
    return (int) (end(index) - end(index - 1));
  }

  @Override
  public Example get(int index) {
    long start = end(index - 1);
    int length = (int) (end(index) - start);
    int[] exampleIds = new int[length];
    float[] exampleWeights = new float[length];
    MemorySegment.copy(ids, INT, 4 * start, exampleIds, 0, length);
    MemorySegment.copy(weights, FLOAT, 4 * start, exampleWeights, 0, length);
    return new Example(exampleIds, exampleWeights);
  }

  @Override
  public Learned learned(int index) {
    return new Learned(supervised.getAtIndex(INT, index), learned.getAtIndex(DOUBLE, index));
  }

  /** Where the record of an example was read. */
  public Origin origin(int index) {
    return PackedOrigin.unpack(origins.getAtIndex(LONG, index), sources.files());
  }

  /** Whether two examples came of one record. */
  boolean sameRecord(int one, int other) {
    return origins.getAtIndex(LONG, one) == origins.getAtIndex(LONG, other);
  }

  /** How it was prepared. */
  public DataOptions options() {
    return sources.options;
  }

  /** What became of the records. */
  public PreparationStatistics statistics() {
    return statistics;
  }

  /** SHA-256 of the content of each file, in the order of the options. */
  public List<String> contentHashes() {
    return sources.sha256;
  }

  /** SHA-256 of everything that decides the examples. */
  public String key() {
    return key;
  }

  /** Whether it was there already, and nothing had to be tokenized. */
  public boolean reused() {
    return reused;
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
