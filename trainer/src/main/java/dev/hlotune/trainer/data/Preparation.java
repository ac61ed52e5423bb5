package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.RawRecord;
import dev.hlotune.trainer.source.RecordReader;
import dev.hlotune.trainer.source.Slice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads, encodes and writes a data set. The calling thread reads records and writes results in the
 * order of the records; the others encode. Memory is bounded: only a few chunks per thread are
 * held, whatever the size of the files.
 */
final class Preparation {
  /** A chunk ends at either. */
  private static final int CHUNK_RECORDS = 256;

  private static final int CHUNK_BYTES = 1 << 18;

  private final DataOptions options;
  private final RecordEncoder encoder;
  private final Progress progress;
  private final PreparedWriter writer;
  private final ExecutorService workers;
  private final int mostPending;
  private final Queue<Future<EncodedChunk>> pending = new ArrayDeque<>();
  private final long totalBytes;

  private Preparation(
      DataOptions options,
      RecordEncoder encoder,
      Progress progress,
      PreparedWriter writer,
      ExecutorService workers,
      int threads) {
    this.options = options;
    this.encoder = encoder;
    this.progress = progress;
    this.writer = writer;
    this.workers = workers;
    this.mostPending = 4 * threads;
    this.totalBytes = options.files().stream().mapToLong(Preparation::size).sum();
  }

  /** Prepares the data set into these files, which must not exist; their folder must. */
  static PreparationStatistics run(
      DataOptions options, RecordEncoder encoder, int threads, Progress progress, PreparedFiles to)
      throws IOException {
    ExecutorService workers =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("hlotune-tokenize-", 0).factory());
    try (PreparedWriter writer = new PreparedWriter(to, options.files())) {
      new Preparation(options, encoder, progress, writer, workers, threads).readAll();
      return writer.statistics();
    } finally {
      workers.shutdownNow();
    }
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw new DataException(path, "cannot be read: " + e.getMessage(), e);
    }
  }

  private void readAll() throws IOException {
    Slice slice = options.source().slice().orElse(new Slice(0, Long.MAX_VALUE));
    long before = 0;
    long number = 0;
    for (int file = 0; file < options.files().size() && number < slice.to(); file++) {
      Path path = options.files().get(file);
      try (RecordReader reader = options.source().open(path)) {
        List<RawRecord> chunk = new ArrayList<>();
        long bytes = 0;
        while (number < slice.to()) {
          RawRecord record = reader.next();
          if (record == null) {
            break;
          }
          if (number++ >= slice.from()) {
            chunk.add(record);
            bytes += record.size();
          }
          if (chunk.size() == CHUNK_RECORDS || bytes >= CHUNK_BYTES) {
            submit(chunk, file, before + reader.bytesRead());
            chunk = new ArrayList<>();
            bytes = 0;
          }
        }
        submit(chunk, file, before + reader.bytesRead());
      }
      before += size(path);
    }
    while (!pending.isEmpty()) {
      writeNext();
    }
  }

  private void submit(List<RawRecord> records, int file, long bytesRead) throws IOException {
    pending.add(
        workers.submit(() -> {
          EncodedChunk chunk = encoder.encode(records, file);
          chunk.bytesRead = bytesRead;
          return chunk;
        }));
    while (pending.size() > mostPending) {
      writeNext();
    }
  }

  private void writeNext() throws IOException {
    EncodedChunk chunk;
    try {
      chunk = pending.remove().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("data preparation: interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("data preparation: failed: " + e.getCause(), e.getCause());
    }
    if (chunk.failure != null) {
      throw chunk.failure;
    }
    writer.write(chunk);
    progress.advanced(chunk.bytesRead, totalBytes, writer.statistics().tokens());
  }
}
