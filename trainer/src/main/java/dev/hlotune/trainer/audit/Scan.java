package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.TrainOnEnd;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Looks at examples one after the other and counts. Scans of stretches are added in order. */
final class Scan {
  private static final int NOTHING = -1;

  private final AuditSource source;
  private final TokenRules rules;
  private final int[] ends;
  private final int begin;

  private final Map<Check, Tally> tallies = new EnumMap<>(Check.class);
  private final Map<Integer, Long> endings = new TreeMap<>();
  private long tokens;
  private long supervised;
  private double weight;
  private long answers;
  private long cut;

  Scan(AuditSource source) {
    this.source = source;
    this.rules = source.rules();
    this.ends = rules.ends().keySet().stream().mapToInt(Integer::intValue).toArray();
    this.begin = rules.begin().orElse(NOTHING);
  }

  /** Looks at one example; gives the hash of its ids. */
  long look(int index) {
    Example example = source.examples().get(index);
    int[] ids = example.ids();
    float[] weights = example.weights();
    int largest = 0;
    float lightest = 0;
    float heaviest = 0;
    int carrying = 0;
    double sum = 0;
    for (int i = 0; i < ids.length; i++) {
      largest = Math.max(largest, ids[i]);
      float w = weights[i];
      lightest = Math.min(lightest, w);
      heaviest = Math.max(heaviest, w);
      carrying += w == 0 ? 0 : 1;
      sum += w;
    }
    tokens += ids.length;
    supervised += carrying;
    weight += sum;
    tally(Check.BEYOND_VOCABULARY, largest >= rules.vocabulary(), index);
    tally(Check.UNKNOWN_TOKENS, largest >= rules.known() && largest < rules.vocabulary(), index);
    tally(Check.NEGATIVE_WEIGHTS, lightest < 0, index);
    tally(Check.HUGE_WEIGHTS, Math.max(heaviest, -lightest) > Check.HUGE, index);
    tally(Check.LOW_SUPERVISION, carrying < Check.FEW * ids.length, index);
    begins(ids, index);
    answers(ids, weights, index);
    return Fingerprints.of(ids);
  }

  private void begins(int[] ids, int index) {
    if (begin == NOTHING) {
      return;
    }
    // Where begin and end are one token, two of them may be an empty text.
    int least = isEnd(begin) ? 3 : 2;
    tally(Check.DOUBLED_BOS, ids.length >= least && ids[0] == begin && ids[1] == begin, index);
    tally(Check.MISSING_BOS, rules.beginExpected() && ids[0] != begin, index);
  }

  /** From the last stretch to the first. */
  private void answers(int[] ids, float[] weights, int index) {
    int to = ids.length;
    while (to > 0) {
      while (to > 0 && weights[to - 1] == 0) {
        to--;
      }
      int from = to;
      while (from > 0 && weights[from - 1] != 0) {
        from--;
      }
      if (from < to) {
        answer(ids, from, to, index);
        if (rules.end() == TrainOnEnd.LAST) {
          return;
        }
      }
      to = from;
    }
  }

  private void answer(int[] ids, int from, int to, int index) {
    int end = end(ids, from, to);
    if (end == NOTHING && to == rules.maxLength()) {
      cut++;
      return;
    }
    answers++;
    tally(Check.EMPTY_ANSWERS, isEnd(ids[from]), index);
    if (end == NOTHING) {
      tally(Check.END_TOKEN_NOT_TRAINED, true, index);
    } else {
      endings.merge(end, 1L, Long::sum);
    }
  }

  /** The end token at the end, which templates may have a line break after. */
  private int end(int[] ids, int from, int to) {
    for (int i = to - 1; i >= Math.max(from, to - 2); i--) {
      if (isEnd(ids[i])) {
        return ids[i];
      }
    }
    return NOTHING;
  }

  private boolean isEnd(int id) {
    for (int end : ends) {
      if (end == id) {
        return true;
      }
    }
    return false;
  }

  private void tally(Check check, boolean seen, int index) {
    if (!seen) {
      return;
    }
    Tally before = tallies.getOrDefault(check, Tally.NONE);
    tallies.put(
        check,
        before.places().size() < Finding.MOST_PLACES
            ? before.and(source.origin().apply(index))
            : new Tally(before.count() + 1, before.places()));
  }

  /** What was seen, as the facts of a stretch of the data set. */
  SourceFacts facts() {
    return new SourceFacts(
        source, tokens, supervised, weight, new Answers(answers, cut, endings), tallies);
  }
}
