package dev.hlotune.trainer.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Gathers {@link PreparationDetails}, in bounded memory. Places are {@link PackedOrigin}s. */
final class DetailCounts {
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Longer texts differ in what they quote of the data rather than in the cause. */
  private static final int MOST_COMPARED = 160;

  private record Key(DropReason reason, String pattern) {}

  private static final class Cause {
    final String text;
    final List<Long> places = new ArrayList<>();
    long count;

    Cause(String text) {
      this.text = text;
    }
  }

  private final Map<RecordKind, Long> kinds = new EnumMap<>(RecordKind.class);
  private final Map<Key, Cause> causes = new LinkedHashMap<>();
  private final List<Long> truncated = new ArrayList<>();

  void read(RecordKind kind) {
    kinds.merge(kind, 1L, Long::sum);
  }

  /**
   * A record gave no example.
   *
   * @param text what is wrong with it, without its place
   */
  void dropped(DropReason reason, String text, long place) {
    String pattern = NUMBER.matcher(text).replaceAll("#");
    Key key = new Key(reason, pattern.substring(0, Math.min(pattern.length(), MOST_COMPARED)));
    dropped(key, text, 1, List.of(place));
  }

  private void dropped(Key key, String text, long count, List<Long> places) {
    Cause cause = causes.get(key);
    if (cause == null) {
      if (causes.size() == PreparationDetails.MOST_CAUSES) {
        return; // The statistics still count it by its reason.
      }
      cause = new Cause(text);
      causes.put(key, cause);
    }
    cause.count += count;
    addSome(cause.places, places);
  }

  void truncated(long place) {
    addSome(truncated, List.of(place));
  }

  private static void addSome(List<Long> places, List<Long> more) {
    more.stream().limit(PreparationDetails.MOST_PLACES - (long) places.size()).forEach(places::add);
  }

  /** Adds what was seen after this. */
  void add(DetailCounts later) {
    later.kinds.forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
    later.causes.forEach((key, cause) -> dropped(key, cause.text, cause.count, cause.places));
    addSome(truncated, later.truncated);
  }

  /**
   * What was gathered.
   *
   * @param files the files that the places are in
   */
  PreparationDetails details(List<Path> files) {
    List<DropCause> all = new ArrayList<>();
    causes.forEach((key, cause) ->
        all.add(
            new DropCause(
                key.reason(), cause.text, cause.count, PackedOrigin.unpack(cause.places, files))));
    return new PreparationDetails(kinds, all, PackedOrigin.unpack(truncated, files));
  }
}
