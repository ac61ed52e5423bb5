package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Examples of several prepared data sets, each in the number in which an epoch is to hold them.
 * Nothing is copied: an example is read from its own data set. Thread-safe; owns the data sets
 * until closed.
 */
public final class Mixture implements Examples, AutoCloseable {
  /**
   * A data set's share of a mixture.
   *
   * @param data the data set
   * @param examples which of its examples, each as often as it stands here
   */
  @SuppressWarnings("ArrayRecordComponent") // Possibly millions of them.
  public record Part(PreparedData data, int[] examples) {
    /** All of a data set, once. */
    public static Part all(PreparedData data) {
      int[] all = new int[data.size()];
      Arrays.setAll(all, i -> i);
      return new Part(data, all);
    }
  }

  private final List<PreparedData> sources;
  private final int[] starts;

  /** Examples, numbered through all sources; null where that is all of one, in order. */
  private final int @Nullable [] chosen;

  private final int size;

  private Mixture(List<PreparedData> sources, int[] starts, int @Nullable [] chosen, int size) {
    this.sources = sources;
    this.starts = starts;
    this.chosen = chosen;
    this.size = size;
  }

  /** All of one data set. */
  public static Mixture of(PreparedData data) {
    return new Mixture(List.of(data), new int[] {0, data.size()}, null, data.size());
  }

  /**
   * Parts after each other, in the order given.
   *
   * @throws DataException if there are more examples than an int counts
   */
  public static Mixture of(List<Part> parts) {
    int[] starts = new int[parts.size() + 1];
    long total = 0;
    long size = 0;
    for (int i = 0; i < parts.size(); i++) {
      total += parts.get(i).data().size();
      size += parts.get(i).examples().length;
      if (total > Integer.MAX_VALUE || size > Integer.MAX_VALUE - 8) {
        throw new DataException(
            "data: expected at most 2^31-9 examples in a mixture, got more; repeat less or take"
                + " slices");
      }
      starts[i + 1] = (int) total;
    }
    int[] chosen = new int[(int) size];
    int at = 0;
    for (int i = 0; i < parts.size(); i++) {
      for (int index : parts.get(i).examples()) {
        chosen[at++] = starts[i] + index;
      }
    }
    return new Mixture(parts.stream().map(Part::data).toList(), starts, chosen, (int) size);
  }

  /**
   * A mixture by what a recipe wishes.
   *
   * @param sources the data sets
   * @param parts which examples of each may be drawn, each once
   * @param wishes how often or how much of each
   * @throws DataException if the wishes do not go together
   */
  public static Mixture of(
      List<PreparedData> sources,
      List<Part> parts,
      List<MixtureShares.Wish> wishes,
      MixtureShares.Stop stop) {
    int[] sizes = parts.stream().mapToInt(part -> part.examples().length).toArray();
    long[] shares = MixtureShares.of(sizes, wishes, stop);
    List<Part> drawn = new ArrayList<>();
    if (sources.size() == 1 && shares[0] == sizes[0] && sizes[0] == sources.getFirst().size()) {
      return of(sources.getFirst());
    }
    for (int i = 0; i < sizes.length; i++) {
      drawn.add(
          new Part(
              sources.get(i),
              MixtureShares.draw(parts.get(i).examples(), shares[i], wishes.get(i).seed())));
    }
    return of(drawn);
  }

  /** The data sets that it is drawn from, in the order of the recipe. */
  public List<PreparedData> sources() {
    return sources;
  }

  /** Which examples of each data set it holds, ascending and each once. */
  public List<Part> distinct() {
    BitSet held = new BitSet(starts[sources.size()]);
    if (chosen == null) {
      held.set(0, size);
    } else {
      Arrays.stream(chosen).forEach(held::set);
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      int start = starts[i];
      int[] examples = held.get(start, starts[i + 1]).stream().toArray();
      parts.add(new Part(sources.get(i), examples));
    }
    return parts;
  }

  @Override
  public int size() {
    return size;
  }

  private int number(int index) {
    return chosen == null ? index : chosen[index];
  }

  private int source(int number) {
    int found = Arrays.binarySearch(starts, number);
    if (found < 0) {
      return -found - 2;
    }
    // Data sets without examples share their start with the next.
    while (found + 1 < starts.length && starts[found + 1] == number) {
      found++;
    }
    return found;
  }

  @Override
  public int length(int index) {
    int number = number(index);
    int source = source(number);
    return sources.get(source).length(number - starts[source]);
  }

  @Override
  public Example get(int index) {
    int number = number(index);
    int source = source(number);
    return sources.get(source).get(number - starts[source]);
  }

  @Override
  public Learned learned(int index) {
    int number = number(index);
    int source = source(number);
    return sources.get(source).learned(number - starts[source]);
  }

  /** The place of an example's data set among {@link #sources}. */
  public int sourceOf(int index) {
    return source(number(index));
  }

  /** Where the record of an example was read. */
  public Origin origin(int index) {
    int number = number(index);
    int source = source(number);
    return sources.get(source).origin(number - starts[source]);
  }

  /** What became of the records of all data sets, each counted once, however often it is drawn. */
  public PreparationStatistics statistics() {
    return sources.stream()
        .map(PreparedData::statistics)
        .reduce(PreparationStatistics::plus)
        .orElseThrow();
  }

  /** SHA-256 of the content of every file. */
  public List<String> contentHashes() {
    List<String> hashes = new ArrayList<>();
    sources.forEach(source -> hashes.addAll(source.contentHashes()));
    return hashes;
  }

  @Override
  public void close() {
    sources.forEach(PreparedData::close);
  }
}
