package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.RawRecord;
import dev.hlotune.trainer.source.RecordReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * How fast data is prepared, against what the encoder alone takes on the same threads.
 *
 * @param tokensPerSecond reading, rendering, encoding, weighing and packing together
 * @param encoderTokensPerSecond DJL's {@code encode} of the same texts, rendered beforehand
 * @param openMilliseconds to open what was prepared before, the hashing of its files included
 * @param readTokensPerSecond reading prepared examples one by one, on one thread
 */
public record PreparationRate(
    double tokensPerSecond,
    double encoderTokensPerSecond,
    double openMilliseconds,
    double readTokensPerSecond) {
  /** What everything but the encoder adds, as a part of its time; negative where it is faster. */
  public double overhead() {
    return encoderTokensPerSecond / tokensPerSecond - 1;
  }

  /**
   * Measures both, alternately, and keeps the fastest of each.
   *
   * @param options what to prepare; read whole
   * @param tokenizer encodes
   * @param threads threads for both
   * @param rounds how often to measure, at least 1
   * @param scratch a folder to write into; what is written is deleted again
   */
  public static PreparationRate measure(
      DataOptions options, Tokenizer tokenizer, int threads, int rounds, Path scratch) {
    List<String> texts = texts(options, tokenizer);
    PreparationRate best = new PreparationRate(0, 0, Double.POSITIVE_INFINITY, 0);
    for (int round = 0; round < rounds; round++) {
      double encoded = encoderRate(texts, tokenizer, threads);
      best = best.bestOf(encoded, prepare(options, tokenizer, threads, scratch));
    }
    return best;
  }

  private static List<String> texts(DataOptions options, Tokenizer tokenizer) {
    RecordParser parser = new RecordParser(options.source().columns());
    Renderer renderer =
        new Renderer(
            options.template(),
            options.supervision(),
            tokenizer,
            ZonedDateTime.now(ZoneId.systemDefault()));
    List<String> texts = new ArrayList<>();
    for (Path file : options.files()) {
      try (RecordReader reader = options.source().open(file)) {
        for (RawRecord record = reader.next(); record != null; record = reader.next()) {
          renderer.render(parser.parse(record)).forEach(rendered -> texts.add(rendered.text()));
        }
      }
    }
    return texts;
  }

  private static double encoderRate(List<String> texts, Tokenizer tokenizer, int threads) {
    long start = System.nanoTime();
    AtomicInteger next = new AtomicInteger();
    Callable<Long> work =
        () -> {
          long tokens = 0;
          for (int i = next.getAndIncrement(); i < texts.size(); i = next.getAndIncrement()) {
            tokens += tokenizer.encodePlainly(texts.get(i));
          }
          return tokens;
        };
    long tokens = 0;
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      for (Future<Long> future : workers.invokeAll(Collections.nCopies(threads, work))) {
        tokens += future.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("preparation rate: interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("preparation rate: " + e.getCause(), e.getCause());
    }
    return tokens / seconds(start);
  }

  private PreparationRate bestOf(double encoder, PreparationRate other) {
    return new PreparationRate(
        Math.max(tokensPerSecond, other.tokensPerSecond),
        Math.max(encoderTokensPerSecond, encoder),
        Math.min(openMilliseconds, other.openMilliseconds),
        Math.max(readTokensPerSecond, other.readTokensPerSecond));
  }

  private static PreparationRate prepare(
      DataOptions options, Tokenizer tokenizer, int threads, Path scratch) {
    try {
      Files.createDirectories(scratch);
      Path directory = Files.createTempDirectory(scratch, "rate-");
      try {
        long start = System.nanoTime();
        double rate;
        try (PreparedData data = open(options, tokenizer, threads, directory)) {
          BatchPlan.of(
              data,
              BucketLadder.single(1, options.maxLength()),
              new PlanOptions(true, true, false, 0, 1));
          // Everything that was encoded counts, also what max_length then cut off.
          PreparationStatistics statistics = data.statistics();
          rate = (statistics.tokens() + statistics.truncatedTokens()) / seconds(start);
        }
        start = System.nanoTime();
        try (PreparedData data = open(options, tokenizer, threads, directory)) {
          return new PreparationRate(rate, 0, seconds(start) * 1e3, readRate(data));
        }
      } finally {
        try (Stream<Path> paths = Files.walk(directory)) {
          for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    } catch (IOException e) {
      throw new DataException(scratch, "cannot be written: " + e.getMessage(), e);
    }
  }

  private static PreparedData open(
      DataOptions options, Tokenizer tokenizer, int threads, Path directory) {
    return PreparedData.open(
        options, tokenizer, Integer.MAX_VALUE, directory, threads, Progress.NONE);
  }

  /** Reads until about this many tokens have been seen, so that small sets measure something. */
  private static final long TOKENS_READ = 50_000_000;

  private static double readRate(PreparedData data) {
    long start = System.nanoTime();
    long tokens = 0;
    while (tokens < TOKENS_READ) {
      for (int i = 0; i < data.size(); i++) {
        tokens += data.get(i).length();
      }
    }
    return tokens / seconds(start);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
