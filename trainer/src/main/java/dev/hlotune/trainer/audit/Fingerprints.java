package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * The hashes of all examples of some data sets, in 8 bytes for each. Two examples of one hash are
 * taken to be the same: among a hundred million different ones, two have the same hash by chance in
 * one data set of some thousand.
 */
final class Fingerprints {
  private static final int MOST = Finding.MOST_PLACES;

  private final List<AuditSource> sources;
  private final long[] sorted;

  /**
   * Takes hashes over.
   *
   * @param hashes of all examples of the sources, in any order
   */
  Fingerprints(List<AuditSource> sources, long[] hashes) {
    this.sources = sources;
    this.sorted = hashes;
    // In place: the parallel sort would take as much memory once more.
    Arrays.sort(sorted);
  }

  /**
   * The hash of an example: the finalizer of SplitMix64 (Steele et al. 2014) over each id and what
   * came before. A weaker mixing made thousands of short examples of few ids collide.
   */
  static long of(int[] ids) {
    long hash = (ids.length + 1) * 0x9E37_79B9_7F4A_7C15L;
    for (int id : ids) {
      hash ^= id;
      hash = (hash ^ (hash >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
      hash = (hash ^ (hash >>> 27)) * 0x94D0_49BB_1331_11EBL;
      hash ^= hash >>> 31;
    }
    return hash;
  }

  /**
   * How many examples were found, and the first of them, or the most frequent.
   *
   * @param places where
   */
  record Found(long count, List<Place> places) {}

  /**
   * The examples that repeat an earlier one, with places of the most frequent, and of the first.
   */
  Found repeats() {
    long count = 0;
    int[] largest = new int[MOST]; // Sizes of groups, ascending.
    for (int from = 0, to; from < sorted.length; from = to) {
      to = end(from);
      count += to - from - 1;
      if (to - from > Math.max(1, largest[0])) {
        largest[0] = to - from;
        Arrays.sort(largest);
      }
    }
    if (count == 0) {
      return new Found(0, List.of());
    }
    int least = Math.max(2, largest[0]);
    Set<Long> larger = new HashSet<>();
    for (int from = 0, to; from < sorted.length; from = to) {
      to = end(from);
      if (to - from > least) {
        larger.add(sorted[from]);
      }
    }
    List<Place> places = new ArrayList<>();
    first(new Wanted(larger, hash -> size(hash) == least, MOST - larger.size(), 2))
        .forEach((hash, at) ->
            places.add(new Place(at.getLast(), Optional.of(at.getFirst()), size(hash))));
    places.sort(Comparator.comparingLong(Place::times).reversed());
    return new Found(count, places);
  }

  /** Where the group ends that begins here. */
  private int end(int from) {
    int to = from + 1;
    while (to < sorted.length && sorted[to] == sorted[from]) {
      to++;
    }
    return to;
  }

  /** How many examples have a hash, which one has. */
  private int size(long hash) {
    int from = Arrays.binarySearch(sorted, hash);
    while (from > 0 && sorted[from - 1] == hash) {
      from--;
    }
    return end(from) - from;
  }

  /** The examples that are among others, with the first of them and where they are there. */
  Found among(Fingerprints others) {
    long count = Arrays.stream(sorted).parallel().filter(others::contains).count();
    Map<Long, List<Origin>> here =
        first(new Wanted(Set.of(), others::contains, count == 0 ? 0 : MOST, 1));
    Map<Long, List<Origin>> there = others.first(new Wanted(here.keySet(), _ -> false, 0, 1));
    List<Place> places = new ArrayList<>();
    here.forEach((hash, at) ->
        places.add(
            new Place(at.getFirst(), Optional.ofNullable(there.get(hash)).map(List::getFirst), 1)));
    return new Found(count, places);
  }

  private boolean contains(long hash) {
    return Arrays.binarySearch(sorted, hash) >= 0;
  }

  /**
   * Hashes whose places are looked for.
   *
   * @param always these
   * @param others and of those that this holds of
   * @param most the first so many
   * @param each how many places of each
   */
  private record Wanted(Set<Long> always, LongPredicate others, int most, int each) {
    boolean isEmpty() {
      return always.isEmpty() && most == 0;
    }

    boolean holds(long hash) {
      return always.contains(hash) || (most > 0 && others.test(hash));
    }

    void add(long hash, Origin place, Map<Long, List<Origin>> found) {
      List<Origin> places = found.get(hash);
      if (places == null) {
        long many = found.keySet().stream().filter(one -> !always.contains(one)).count();
        if (!always.contains(hash) && many == most) {
          return;
        }
        places = new ArrayList<>();
        found.put(hash, places);
      }
      if (places.size() < each) {
        places.add(place);
      }
    }
  }

  /**
   * Looks for examples by their hashes, which are made again: keeping their order would take as
   * much memory once more.
   */
  private Map<Long, List<Origin>> first(Wanted wanted) {
    Map<Long, List<Origin>> found = new LinkedHashMap<>();
    for (AuditSource source : wanted.isEmpty() ? List.<AuditSource>of() : sources) {
      Waves.run(
          source.examples().size(),
          (from, to) -> first(source, from, to, wanted),
          some ->
              some.forEach(
                  (hash, places) -> places.forEach(place -> wanted.add(hash, place, found))),
          AuditProgress.NONE);
    }
    return found;
  }

  private static Map<Long, List<Origin>> first(
      AuditSource source, int from, int to, Wanted wanted) {
    Map<Long, List<Origin>> found = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      long hash = of(source.examples().get(i).ids());
      if (wanted.holds(hash)) {
        wanted.add(hash, source.origin().apply(i), found);
      }
    }
    return found;
  }
}
