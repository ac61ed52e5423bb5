package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Examples of consecutive records, end to end, and what happened to the other records. */
final class EncodedChunk {
  int records;
  int examples;
  int tokens;
  int[] ids = new int[1 << 14];
  float[] weights = new float[1 << 14];
  int[] lengths = new int[256];
  long[] origins = new long[256];
  int[] supervisedTokens = new int[256];
  double[] learned = new double[256];
  long supervised;
  double weight;
  long truncated;
  long truncatedTokens;
  int largestId = -1;
  final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  final List<String> reports = new ArrayList<>();
  final DetailCounts details = new DetailCounts();
  @Nullable RuntimeException failure;

  /** Where the file of these records had been read to. */
  long bytesRead;

  /** Appends tokens {@code from} to {@code to} of an example. */
  void add(int[] exampleIds, float[] exampleWeights, int from, int to, long origin) {
    int length = to - from;
    if (tokens + length > ids.length) {
      int size = Math.max(tokens + length, 2 * ids.length);
      ids = Arrays.copyOf(ids, size);
      weights = Arrays.copyOf(weights, size);
    }
    if (examples == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * examples);
      origins = Arrays.copyOf(origins, 2 * examples);
      supervisedTokens = Arrays.copyOf(supervisedTokens, 2 * examples);
      learned = Arrays.copyOf(learned, 2 * examples);
    }
    System.arraycopy(exampleIds, from, ids, tokens, length);
    System.arraycopy(exampleWeights, from, weights, tokens, length);
    weights[tokens] = 0; // Nothing predicts the first.
    for (int i = tokens; i < tokens + length; i++) {
      largestId = Math.max(largestId, ids[i]);
    }
    Learned own = Learned.of(weights, tokens, tokens + length);
    supervised += own.tokens();
    weight += own.weight();
    supervisedTokens[examples] = own.tokens();
    learned[examples] = own.weight();
    lengths[examples] = length;
    origins[examples++] = origin;
    tokens += length;
  }

  /**
   * Counts a record that gave no example.
   *
   * @param cause what is wrong with it
   */
  void drop(DropReason reason, Origin origin, String cause, long place) {
    dropped.merge(reason, 1L, Long::sum);
    details.dropped(reason, cause, place);
    if (reports.size() < PreparationStatistics.MOST_REPORTS) {
      reports.add(origin + ": " + cause);
    }
  }
}
