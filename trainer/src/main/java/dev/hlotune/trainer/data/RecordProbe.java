package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.DataFiles;
import dev.hlotune.trainer.source.RawRecord;
import dev.hlotune.trainer.source.RecordReader;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/** Looks at single records of a data set. */
public final class RecordProbe {
  private RecordProbe() {}

  /**
   * Why a record gives no example.
   *
   * @param file one of the files of the data set
   * @param number its line or row, from 1
   * @return what is wrong with it, with its place; empty where there is no such record, or it gives
   *     one
   */
  public static Optional<String> whyDropped(
      DataOptions options, Tokenizer tokenizer, Path file, long number) {
    RecordEncoder encoder =
        new RecordEncoder(
            options, tokenizer, Integer.MAX_VALUE, ZonedDateTime.now(ZoneId.systemDefault()));
    try (RecordReader reader = DataFiles.open(file)) {
      for (RawRecord record = reader.next(); record != null; record = reader.next()) {
        if (record.origin().number() == number) {
          EncodedChunk chunk = encoder.encode(List.of(record), 0);
          return chunk.failure != null
              ? Optional.ofNullable(chunk.failure.getMessage())
              : chunk.reports.stream().findFirst();
        }
      }
    } catch (DataException e) {
      return Optional.ofNullable(e.getMessage());
    }
    return Optional.empty();
  }
}
