package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private record Group(long hash, int size) {}

  /** The examples that repeat an earlier one, with places of the most frequent. */
  Found repeats() {
    long count = 0;
    List<Group> largest = new ArrayList<>();
    for (int from = 0, to; from < sorted.length; from = to) {
      for (to = from + 1; to < sorted.length && sorted[to] == sorted[from]; ) {
        to++;
      }
      int size = to - from;
      count += size - 1;
      if (size > 1 && (largest.size() < MOST || largest.getLast().size() < size)) {
        largest.add(new Group(sorted[from], size));
        largest.sort(Comparator.comparingInt(Group::size).reversed());
        if (largest.size() > MOST) {
          largest.removeLast();
        }
      }
    }
    Map<Long, Integer> sizes = new HashMap<>();
    largest.forEach(group -> sizes.put(group.hash(), group.size()));
    List<Place> places = new ArrayList<>();
    first(sizes::containsKey, sizes.size(), 2)
        .forEach((hash, at) ->
            places.add(
                new Place(
                    at.getLast(),
                    Optional.of(at.getFirst()),
                    sizes.getOrDefault(hash, at.size()))));
    places.sort(Comparator.comparingLong(Place::times).reversed());
    return new Found(count, places);
  }

  /** The examples that are among others, with the first of them and where they are there. */
  Found among(Fingerprints others) {
    long count = Arrays.stream(sorted).parallel().filter(others::contains).count();
    Map<Long, List<Origin>> here = first(others::contains, count == 0 ? 0 : MOST, 1);
    Map<Long, List<Origin>> there = others.first(here::containsKey, here.size(), 1);
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
   * Looks for examples by their hashes, which are made again: keeping their order would take as
   * much memory once more.
   *
   * @param most at most so many hashes
   * @param each at most so many places of each
   */
  private Map<Long, List<Origin>> first(LongPredicate wanted, int most, int each) {
    Map<Long, List<Origin>> found = new LinkedHashMap<>();
    if (most == 0) {
      return found;
    }
    for (AuditSource source : sources) {
      Waves.run(
          source.examples().size(),
          (from, to) -> first(source, from, to, wanted, most, each),
          some ->
              some.forEach(
                  (hash, places) -> places.forEach(place -> add(found, hash, place, most, each))),
          AuditProgress.NONE);
    }
    return found;
  }

  private static Map<Long, List<Origin>> first(
      AuditSource source, int from, int to, LongPredicate wanted, int most, int each) {
    Map<Long, List<Origin>> found = new LinkedHashMap<>();
    for (int i = from; i < to; i++) {
      long hash = of(source.examples().get(i).ids());
      if (wanted.test(hash)) {
        add(found, hash, source.origin().apply(i), most, each);
      }
    }
    return found;
  }

  private static void add(
      Map<Long, List<Origin>> found, long hash, Origin place, int most, int each) {
    List<Origin> places = found.get(hash);
    if (places == null) {
      if (found.size() == most) {
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
